from abc import abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from django.core.management.base import CommandParser

from clients.management.faults import client_of
from clients.models import Client
from paykassma_admin.import_command import ImportCommand
from paykassma_admin.imports import Record, Refusal, Report


class ClientImportCommand(ImportCommand):
    """Imports rows of the Client that `--client` names."""

    @abstractmethod
    def client_reports(
        self,
        records: Iterable[Record | Refusal],
        *,
        client: Client,
        actor: str,
        options: dict[str, Any],
    ) -> Iterator[Report]:
        """Store `records` for `client` and report on each batch."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--client", required=True, help="the Client's short name")

    def reports(
        self, records: Iterable[Record | Refusal], options: dict[str, Any]
    ) -> Iterator[Report]:
        return self.client_reports(
            records,
            client=client_of(options["client"]),
            actor=f"{self.__module__.rpartition('.')[2]} {PurePath(options['file']).name}",
            options=options,
        )
