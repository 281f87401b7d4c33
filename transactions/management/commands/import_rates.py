from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from paykassma_admin.import_command import ImportCommand
from paykassma_admin.imports import Record, Refusal, Report
from transactions.fill_rates import fill_rates
from wallets.imports import RATE_COLUMNS, import_rates


class Command(ImportCommand):
    help = "Imports exchange rates, and fills transactions; docs/import.md says what a file is."
    columns = RATE_COLUMNS

    def reports(
        self, records: Iterable[Record | Refusal], options: dict[str, Any]
    ) -> Iterator[Report]:
        yield from import_rates(records)
        done = fill_rates()
        self.stdout.write(_("Rates filled: %(filled)s, still missing: %(left)s") % done._asdict())
