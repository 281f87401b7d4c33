import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from jobs.queue import work


class Command(BaseCommand):
    help = "Runs work in the background, until it is ended by SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        if not asyncio.run(work()):
            raise CommandError(_("The database is away. Start it again, what was begun goes on."))
