"""Files that payments came in by: one a day for each payment system, as a rail reports them."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from devtools.demo.copying import copy_rows
from devtools.demo.simulation.payments import Payment
from paykassma_admin.periods import local_day
from transactions.models import Source, SourceKind

FIRST_ROW = 2  # after the names of the columns
type File = tuple[str, date]  # the payment system's code, the day of recording


class Place(NamedTuple):
    source_id: int
    row: int


def make_sources(payments: Sequence[Payment], zone: ZoneInfo) -> list[Place]:
    """Return the place of each payment: its file, and its row there, in order of recording."""
    files: dict[File, list[Payment]] = {}
    for payment in sorted(payments, key=lambda each: each.recorded_at):
        day = local_day(payment.recorded_at, zone)
        files.setdefault((payment.system.code, day), []).append(payment)
    ids = copy_rows(Source, COLUMNS, [source_row(file, rows) for file, rows in files.items()])
    places = {
        payment.number: Place(source, row)
        for source, rows in zip(ids, files.values(), strict=True)
        for row, payment in enumerate(rows, FIRST_ROW)
    }
    return [places[payment.number] for payment in payments]


COLUMNS = ("client_id", "kind", "name", "sha256", "at")


def source_row(file: File, payments: Sequence[Payment]) -> tuple[object, ...]:
    code, day = file
    name, first = f"{code}-{day}.csv", payments[0]
    digest = sha256(name.encode()).hexdigest()
    return first.wallet.client_id, SourceKind.COMMAND, name, digest, first.recorded_at
