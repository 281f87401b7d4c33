"""The database's table of time zones, which day_of() and local_time() use."""

from collections.abc import Sequence
from typing import Any

import tzdata  # type: ignore[import-untyped]
from django.db import connections, transaction

from clients.models import time_zones
from paykassma_admin.database.time_zones import SECOND, Change, zone_changes

# The first offsets hold for all that was before, too. A trigger rebuilds the totals of the Clients
# of each zone that changes.
WRITE = """
    insert into clients_timezone as known (name, since, utc_offset, day_offset)
    values (%s, timestamptz '-infinity' || %s::timestamptz[], %s, %s)
    on conflict (name) do update set since = excluded.since,
        utc_offset = excluded.utc_offset, day_offset = excluded.day_offset
    where (known.since, known.utc_offset, known.day_offset)
        is distinct from (excluded.since, excluded.utc_offset, excluded.day_offset)
"""


def has_time_zones(*, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute("select to_regclass('clients_timezone') is not null")
        return bool(cursor.fetchone()[0])


def write_time_zones(*, using: str) -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.executemany(WRITE, [zone_row(name) for name in sorted(time_zones())])
        cursor.execute(f"comment on table clients_timezone is 'tzdata {tzdata.IANA_VERSION}'")


def outdated_time_zones(*, using: str) -> list[str]:
    with connections[using].cursor() as cursor:
        cursor.execute("select name, since[2:], utc_offset, day_offset from clients_timezone")
        known = {name: row for name, *row in cursor.fetchall()}
    return [
        name for name in sorted(time_zones()) if known.get(name) != zone_columns(zone_changes(name))
    ]


def zone_row(name: str) -> tuple[Any, ...]:
    return (name, *zone_columns(zone_changes(name)))


def zone_columns(found: Sequence[Change]) -> list[list[object]]:
    """Return the moments of all changes but the first, and both offsets in seconds."""
    since, *offsets = zip(*found, strict=True)
    return [list(since[1:]), *([offset // SECOND for offset in column] for column in offsets)]
