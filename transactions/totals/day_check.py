"""Comparison of day totals with the rows, whose days are computed in Python, not in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, transaction

from paykassma_admin.periods import Period, local_day, midnight

# The index of recent transactions has both ends of each Client.
EXTREMES = """
    select time_zone, min(first), max(last)
    from clients_client client, lateral (
        select min(logged_at) as first, max(logged_at) as last
        from transactions_transaction where client_id = client.id
    ) extreme
    where first is not null and (%s is null or id = %s) group by time_zone
"""
KEY = "direction, type, status, wallet_id, payment_system_id, currency, country, is_converted"
SPAN = "(%s::text, %s::date, %s::timestamptz[])"
# Materialized, since out of a table such an array would be unpacked for each row.
DIFFERENCES = """
    with span (time_zone, first, midnights) as materialized (values {spans})
    select client.slug, difference.* from (
        select client_id, day, {key}, sum(count)::bigint as count, sum(amount) as amount,
            sum(amount_usd) as amount_usd
        from (
            select client_id, first + width_bucket(logged_at, midnights) - 1 as day,
                direction, type, status, wallet_id, payment_system_id, currency, country,
                usd_rate is not null as is_converted, 1 as count, amount,
                coalesce(amount_usd, 0) as amount_usd
            from transactions_transaction row join clients_client client on client.id = client_id
                join span using (time_zone)
            where %s is null or client_id = %s
            union all
            select client_id, day, {key}, -count, -amount, -amount_usd from transactions_days
            where %s is null or client_id = %s
        ) both_sides group by client_id, day, {key}
    ) difference join clients_client client on client.id = client_id
    where (count, amount, amount_usd) <> (0, 0, 0) order by 1, 3
"""

type Span = tuple[str, date, list[datetime]]


@contextmanager
def snapshot(*, using: str) -> Iterator[Any]:
    """Yield a cursor whose statements all see one state of the database."""
    is_outermost = not connections[using].in_atomic_block
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if is_outermost:
            cursor.execute("set transaction isolation level repeatable read")
        yield cursor


def execute_day_differences(cursor: Any, client_id: int | None) -> None:
    """Select, by key and day, the sums of the rows less the totals kept of them."""
    cursor.execute(EXTREMES, [client_id] * 2)
    spans = [span(ZoneInfo(name), *extremes) for name, *extremes in cursor.fetchall()]
    spans = spans or [("no rows", date.min, [])]
    statement = DIFFERENCES.format(key=KEY, spans=", ".join([SPAN] * len(spans)))
    cursor.execute(statement, [*chain.from_iterable(spans), *[client_id] * 4])


def span(zone: ZoneInfo, first: datetime, last: datetime) -> Span:
    """Return a zone's name, the day of `first`, and all midnights from it to the day of `last`."""
    days = Period(local_day(first, zone), local_day(last, zone), zone).days()
    return zone.key, days[0], [midnight(day, zone) for day in days]
