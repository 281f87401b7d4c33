from collections.abc import Iterable, Iterator
from typing import Any

from clients.models import Client
from paykassma_admin.imports.batches import Record, Report, RowError
from wallets.imports import BALANCE_COLUMNS, import_balances
from workspace.import_command import ClientImportCommand


class Command(ClientImportCommand):
    help = "Imports reported balances; docs/import.md says what a file looks like."
    columns = BALANCE_COLUMNS

    def client_reports(
        self,
        records: Iterable[Record | RowError],
        *,
        client: Client,
        actor: str,
        options: dict[str, Any],
    ) -> Iterator[Report]:
        return import_balances(records, client=client, actor=actor)
