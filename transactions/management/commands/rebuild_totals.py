from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from clients.management.faults import get_client
from paykassma_admin.database.tenancy import WORKER
from transactions.totals.maintenance import compact_totals, rebuild_totals


class Command(BaseCommand):
    help = "Makes the totals those of the transactions, while the site goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", metavar="SLUG", help="one Client; without it, all")

    def handle(self, *args: Any, **options: Any) -> None:
        client = get_client(options["client"]) if options["client"] else None
        rebuild_totals(client, using=WORKER)
        compact_totals(using=WORKER)
        self.stdout.write(_("The totals are rebuilt."))
