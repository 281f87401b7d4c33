from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from paykassma_admin.imports.command import OUTAGES, outage_message
from transactions.imports.fill_rates import fill_rates


class Command(BaseCommand):
    help = "Gives transactions that have no rate the one of their day, for all Clients."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = fill_rates()
        except OUTAGES as error:
            raise CommandError(outage_message(error)) from error
        self.stdout.write(_("Rates filled: %(filled)s, still missing: %(left)s") % done._asdict())
