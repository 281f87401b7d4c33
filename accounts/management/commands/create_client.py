import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.actions import create_client
from audit.record import Actor
from clients.management.faults import command_error
from paykassma_admin.database.tenancy import WORKER


class Command(BaseCommand):
    help = "Registers a Client with its time zone and its first owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--slug", required=True, help="short name, as in “alpha”")
        parser.add_argument("--time-zone", required=True, help="as in “Asia/Kolkata”")
        parser.add_argument("--owner", required=True, help="login of the first owner")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the owner's password from standard input; without this one is made",
        )

        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="its members need none; an administrator may change that in the back office",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = read_password() if options["password_stdin"] else secrets.token_urlsafe(16)
        try:
            client = create_client(
                **{field: options[field] for field in ("name", "slug", "time_zone", "owner")},
                password=password,
                second_factor_required=not options["without_second_factor"],
                by=Actor("create_client"),
                using=WORKER,
            )
        except ValidationError as error:
            raise command_error(error) from error
        self.stdout.write(
            _("Registered %(client)s (%(slug)s, %(zone)s), owner %(owner)s.")
            % {
                "client": client.name,
                "slug": client.slug,
                "zone": client.time_zone,
                "owner": options["owner"],
            }
        )
        if not options["password_stdin"]:
            self.stdout.write(_("Password, shown only once: %s") % password)


def read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
