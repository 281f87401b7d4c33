from typing import Any

from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from clients.models import Client
from transactions.totals.day_check import execute_day_differences, snapshot

COARSE_DIFFERENCES = """
    select client.slug, difference.* from {name}_differences(%s) difference
    join clients_client client on client.id = client_id order by 1, 3
"""
COMPACT_THRESHOLD = 20_000  # rows in the delta that a reader still adds up in three milliseconds


def compact_totals(*, using: str = DEFAULT_DB_ALIAS) -> int:
    """Move the delta into the totals. Return its number of rows; 0 while another one is at it."""
    return int(_fetch_value("select compact_totals()", using=using))


def vacuum_delta(*, using: str) -> None:
    """Free the emptied pages, each of which a reader would visit.

    Needs the worker's role, and no transaction. Waits for writers, for at most five seconds.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("vacuum transactions_delta")


def compact_if_many(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Compact after a large batch. Counts only the delta rows of the current tenant."""
    counted = (
        f"select count(*) from (select 1 from transactions_delta limit {COMPACT_THRESHOLD}) counted"  # noqa: S608
    )
    if int(_fetch_value(counted, using=using)) == COMPACT_THRESHOLD:
        compact_totals(using=using)


def rebuild_totals(client: Client | None, *, using: str) -> None:
    """Add what the rows differ by, for one Client or all. Needs the worker's role."""
    _fetch_value("select rebuild_totals(%s)", client.pk if client else None, using=using)


def differences(client: Client | None, *, using: str) -> list[dict[str, Any]]:
    """Return what rows and day totals, and day totals and those of kinds and months, differ by."""
    client_id = client.pk if client else None
    with snapshot(using=using) as cursor:
        execute_day_differences(cursor, client_id)
        found = fetch_dicts(cursor)
        for name in ("kind", "month"):
            cursor.execute(COARSE_DIFFERENCES.format(name=name), [client_id])
            found += fetch_dicts(cursor)
    return found


def fetch_dicts(cursor: Any) -> list[dict[str, Any]]:
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _fetch_value(query: str, *parameters: Any, using: str) -> Any:
    with connections[using].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()[0]
