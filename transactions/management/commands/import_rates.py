from collections.abc import Generator, Iterable
from typing import Any

from django.utils.translation import gettext as _

from clients.import_command import actor_of, recorded
from paykassma_admin.import_command import ImportCommand
from paykassma_admin.imports import Record, Refusal, Report
from transactions.fill_rates import fill_rates
from wallets.imports import RATE_COLUMNS, import_rates


class Command(ImportCommand):
    help = "Imports exchange rates, and fills transactions; docs/import.md says what a file is."
    columns = RATE_COLUMNS

    def reports(
        self, records: Iterable[Record | Refusal], options: dict[str, Any]
    ) -> Generator[Report]:
        yield from recorded(import_rates(records), actor=actor_of(self, options))
        done = fill_rates()
        self.stdout.write(_("Rates filled: %(filled)s, still missing: %(left)s") % done._asdict())
