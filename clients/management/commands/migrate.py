"""Django's `migrate`, as owner, without holding up other queries for long.

A change of a table waits for its readers, and all others wait behind the change. So it waits three
seconds, lets them pass, and tries again.
"""

import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.utils.translation import gettext as _

from paykassma_admin.database.outages import is_caused_by
from paykassma_admin.database.roles import example_line

OWNER = "owner"
LOCK_TIMEOUT = "3s"
PAUSES = (1, 2, 4, 8, 15, 30, 30, 30)  # seconds


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        for action in parser._actions:
            if action.dest == "database":
                action.default, action.choices = OWNER, None

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Check the role before the system checks, which query the database."""
        if options["database"] != OWNER:
            raise CommandError(_("Migrations run as owner: leave out --database."))
        if OWNER not in settings.DATABASES:
            reason = _("Migrations run as owner, whose address is missing.")
            raise CommandError(f"{reason}\n{example_line(OWNER)}")
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        with connections[OWNER].cursor() as cursor:
            cursor.execute("select set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        for pause in PAUSES:
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not is_caused_by(error, psycopg.errors.LockNotAvailable):
                    raise
            said = _("A table is in use. Trying again in %(seconds)s s.") % {"seconds": pause}
            self.stderr.write(said)
            time.sleep(pause)
        raise CommandError(
            _("A table is still in use. See pg_stat_activity for what holds it, then try again.")
        )
