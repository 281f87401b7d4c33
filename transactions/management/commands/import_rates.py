from collections.abc import Generator, Iterable
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from paykassma_admin.imports.batches import Record, Report, RowError
from paykassma_admin.imports.command import ImportCommand
from transactions.imports.fill_rates import fill_rates
from wallets.imports import RATE_COLUMNS, import_rates
from workspace.import_command import command_actor, record_import


class Command(ImportCommand):
    help = "Imports exchange rates, and fills transactions; docs/import.md says what a file is."
    columns = RATE_COLUMNS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--accept-jumps",
            action="store_true",
            help="take rates that are more than ten times off the last one of their currency",
        )

    def reports(
        self, records: Iterable[Record | RowError], options: dict[str, Any]
    ) -> Generator[Report]:
        reports = import_rates(records, accept_jumps=options["accept_jumps"])
        yield from record_import(reports, actor=command_actor(self, options))
        done = fill_rates()
        self.stdout.write(_("Rates filled: %(filled)s, still missing: %(left)s") % done._asdict())
