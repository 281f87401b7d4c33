from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from django.core.management.base import CommandParser

from clients.models import Client
from paykassma_admin.imports.batches import Record, Report, RowError
from transactions.imports.columns import import_transactions
from transactions.imports.row import COLUMNS
from transactions.sources import SourceKind, file_source
from workspace.import_command import ClientImportCommand


class Command(ClientImportCommand):
    help = "Imports transactions; docs/import.md says what a file looks like."
    columns = COLUMNS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--create-wallets",
            action="store_true",
            help="make wallets and payment systems that are not there yet",
        )

    def client_reports(
        self,
        records: Iterable[Record | RowError],
        *,
        client: Client,
        actor: str,
        options: dict[str, Any],
    ) -> Iterator[Report]:
        name, sha256 = PurePath(options["file"]).name, options["sha256"]
        return import_transactions(
            records,
            client=client,
            actor=actor,
            source=file_source(client, kind=SourceKind.COMMAND, name=name, sha256=sha256),
            create_wallets=options["create_wallets"],
        )
