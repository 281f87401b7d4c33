from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from devtools.demo.demo import NotEmpty, make_demo
from paykassma_admin.database.tenancy import use_worker_by_default


class Command(BaseCommand):
    help = "Fills an empty database with demo data: Clients Alpha and Beta, and an administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--transactions", type=count, default=20_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SERVED_OVER_HTTPS:
            raise CommandError(
                _(
                    "These are the settings of a production server (SERVED_OVER_HTTPS is on)."
                    " Everybody knows the passwords of the demo: it is not loaded here."
                )
            )
        try:
            with use_worker_by_default():
                is_made = make_demo(options["transactions"])
        except NotEmpty:
            raise CommandError(
                _("Demo data are for an empty database only: this one has Clients or users.")
            ) from None
        self.stdout.write(
            _("The demo data are loaded.") if is_made else _("The demo data are there already.")
        )


def count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(_("“%(value)s” is no number of transactions") % {"value": text})
    return int(text)
