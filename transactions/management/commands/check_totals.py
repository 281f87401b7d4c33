from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from clients.management.faults import get_client
from clients.time_zones import outdated_time_zones
from paykassma_admin.database.tenancy import WORKER
from transactions.totals.maintenance import differences


class Command(BaseCommand):
    help = "Compares the totals with the transactions themselves, and names every difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", metavar="SLUG", help="one Client; without it, all")

    def handle(self, *args: Any, **options: Any) -> None:
        client = get_client(options["client"]) if options["client"] else None
        if zones := outdated_time_zones(using=WORKER):
            raise CommandError(
                _("Time zones that differ from tzdata: %(zones)s. `migrate` repairs them.")
                % {"zones": ", ".join(zones)}
            )
        found = differences(client, using=WORKER)
        for difference in found:
            self.stderr.write(" ".join(f"{name}={value}" for name, value in difference.items()))
        if found:
            raise CommandError(
                _("Differences: %(count)s. `rebuild_totals` repairs them.") % {"count": len(found)}
            )
        self.stdout.write(_("The totals match the transactions."))
