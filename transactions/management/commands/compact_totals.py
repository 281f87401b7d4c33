import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from paykassma_admin.database.tenancy import WORKER
from transactions.totals.maintenance import compact_totals, vacuum_delta


class Command(BaseCommand):
    help = "Moves what was added to the totals into them. When it runs changes no number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on until it is ended")

    def handle(self, *args: Any, **options: Any) -> None:
        self.compact()
        vacuum_delta(using=WORKER)
        while options["every"]:
            time.sleep(options["every"])
            if not self.compact():  # nobody has written meanwhile
                vacuum_delta(using=WORKER)

    def compact(self) -> int:
        moved = compact_totals(using=WORKER)
        self.stdout.write(_("Totals compacted: %(rows)s") % {"rows": moved})
        return moved
