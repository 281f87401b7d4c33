"""Looking after what the database keeps of sums and counts: its migration says how it is kept."""

from typing import Any

from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from clients.models import Client
from transactions.totals.day_check import ask_for_day_differences, snapshot

FURTHER = """
    select client.slug, difference.* from {name}_differences(%s) difference
    join clients_client client on client.id = client_id order by 1, 3
"""
COMPACT_THRESHOLD = 20_000  # rows in the delta that a reader still adds up in three milliseconds


def compact_totals(*, using: str = DEFAULT_DB_ALIAS) -> int:
    """Move the delta into the totals. Returns how many rows it had; 0 if another one is at it."""
    return int(_one("select compact_totals()", using=using))


def tidy_delta(*, using: str) -> None:
    """Give back the pages that were emptied, into each of which a reader would look.

    As worker, and outside of any transaction. While others write it waits for them, five seconds.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("vacuum transactions_delta")


def compact_if_many(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """After a large batch. Of a Client the delta's own rows are counted, no others' are seen."""
    counted = (
        f"select count(*) from (select 1 from transactions_delta limit {COMPACT_THRESHOLD}) counted"  # noqa: S608
    )
    if int(_one(counted, using=using)) == COMPACT_THRESHOLD:
        compact_totals(using=using)


def rebuild_totals(client: Client | None, *, using: str) -> None:
    """Of a Client or of all: what differs from the rows is added. Asks for the role of worker."""
    _one("select rebuild_totals(%s)", client.pk if client else None, using=using)


def differences(client: Client | None, *, using: str) -> list[dict[str, Any]]:
    """By key, nothing where they agree: of the days what the rows come to, less what is kept.

    Of the kinds and months, what the days come to.
    """
    client_id = client.pk if client else None
    with snapshot(using=using) as cursor:
        ask_for_day_differences(cursor, client_id)
        found = answered(cursor)
        for name in ("kind", "month"):
            cursor.execute(FURTHER.format(name=name), [client_id])
            found += answered(cursor)
    return found


def answered(cursor: Any) -> list[dict[str, Any]]:
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _one(query: str, *parameters: Any, using: str) -> Any:
    with connections[using].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()[0]
