from collections.abc import Iterable, Iterator
from typing import Any

from accumulations.imports import COLUMNS, import_accumulations
from clients.models import Client
from paykassma_admin.imports.batches import Record, Report, RowError
from workspace.import_command import ClientImportCommand


class Command(ClientImportCommand):
    help = "Imports accumulations; docs/import.md says what a file looks like."
    columns = COLUMNS

    def client_reports(
        self,
        records: Iterable[Record | RowError],
        *,
        client: Client,
        actor: str,
        options: dict[str, Any],
    ) -> Iterator[Report]:
        return import_accumulations(records, client=client, actor=actor)
