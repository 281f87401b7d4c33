from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.actions import create_api_key
from accounts.models import Scope
from audit.record import Actor
from clients.management.faults import command_error, get_client
from paykassma_admin.database.tenancy import WORKER


class Command(BaseCommand):
    help = "Makes an API key of a Client, and shows it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--client", required=True, help="short name of the Client")
        parser.add_argument("--name", default="API", help="what the key is for")
        parser.add_argument(
            "--scopes",
            nargs="+",
            choices=Scope.values,
            default=[Scope.BALANCE],
            metavar="SCOPE",
            help="what it opens: read, write, balance; by default balance alone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        client = get_client(options["client"])
        try:
            key = create_api_key(
                client,
                name=options["name"],
                scopes=options["scopes"],
                by=Actor("create_api_key"),
                using=WORKER,
            )
        except ValidationError as error:
            raise command_error(error) from error
        self.stderr.write(_("API key of %s, shown only once:") % client.name)
        self.stdout.write(key)
