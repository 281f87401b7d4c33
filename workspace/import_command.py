from abc import abstractmethod
from collections.abc import Generator, Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import PurePath
from typing import Any

from django.core.management.base import CommandParser

from audit.kinds import Kind, Result
from audit.record import Actor, record_event
from clients.management.faults import get_client
from clients.models import Client
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.imports.batches import Record, Report, RowError, RowOutcome
from paykassma_admin.imports.command import ImportCommand


class ClientImportCommand(ImportCommand):
    @abstractmethod
    def client_reports(
        self,
        records: Iterable[Record | RowError],
        *,
        client: Client,
        actor: str,
        options: dict[str, Any],
    ) -> Iterator[Report]:
        pass

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--client", required=True, help="the Client's short name")

    def reports(
        self, records: Iterable[Record | RowError], options: dict[str, Any]
    ) -> Generator[Report]:
        client = get_client(options["client"])
        actor = command_actor(self, options)
        reports = self.client_reports(records, client=client, actor=actor, options=options)
        yield from record_import(reports, actor=actor, client=client)


def command_actor(command: ImportCommand, options: dict[str, Any]) -> str:
    """Return "import_rates rates.csv"."""
    return f"{command.__module__.rpartition('.')[2]} {PurePath(options['file']).name}"


def record_import(
    reports: Iterable[Report], *, actor: str, client: Client | None = None
) -> Generator[Report]:
    """Record two events, each committed by itself: any batch may be the last."""
    record = partial(record_import_event, by=Actor(actor), client=client)
    record(Kind.IMPORT_STARTED)
    total, result = Report(), Result.FAILED
    try:
        for report in reports:
            total.count(report)
            yield report
        result = Result.FAILED if total.outcomes[RowOutcome.REFUSED] else Result.OK
    finally:
        record(Kind.IMPORT_ENDED, result=result, details=total.outcomes)


def record_import_event(kind: Kind, *, client: Client | None, **event: Any) -> None:
    with tenant(client.pk) if client else nullcontext():
        record_event(kind, client=client, **event)
