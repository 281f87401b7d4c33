"""Rates for transactions without one, as of their day. A rate that is set is never changed."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import OperationalError, connection, connections, transaction

from paykassma_admin.database.tenancy import WORKER, set_tenant

BATCH_ROWS = 5_000
ACTOR = "fill_rates"
LONGEST = "5s"  # that a page fills

DUE = """
    select row.id, row.client_id, row.number, row.wallet_id, row.currency, row.amount,
           client.time_zone, day_of(zone.since, zone.day_offset, row.logged_at) as day
    from transactions_transaction row join clients_client client on client.id = row.client_id
        join clients_timezone zone on zone.name = client.time_zone
    where row.usd_rate is null and row.id > %(after)s
    order by row.id limit %(rows)s
"""
# Of one currency, on the days that one rate is for: of each Client by the index of its moments.
DUE_OF_RATE = """
    select row.*, client.time_zone, day_of(zone.since, zone.day_offset, logged_at) as day
    from clients_client client join clients_timezone zone on zone.name = client.time_zone
        cross join lateral (
            select id, client_id, number, wallet_id, currency, amount, logged_at
            from transactions_transaction
            where client_id = client.id and currency = %(currency)s and usd_rate is null
                and logged_at >= midnight(client.time_zone, %(day)s)
                and logged_at < midnight(client.time_zone, %(day)s + 8)
            order by logged_at desc, id desc
        ) row
    limit %(rows)s
"""

# Rows are locked in the order in which imports write them, so that the two never wait in a circle.
FILL = """
with due as materialized ({due}),
rate as materialized (
    select wanted.*, found.usd_rate, found.source,
           midnight(wanted.time_zone, found.day) as as_of
    from (select distinct currency, day, time_zone from due) wanted,
         lateral exchange_rate_on(wanted.currency, wanted.day) found
),
locked as materialized (
    select row.id, row.client_id, rate.usd_rate, rate.source, rate.as_of
    from due join rate using (currency, day, time_zone)
         join transactions_transaction row
             on row.id = due.id and row.client_id = due.client_id
    where round(due.amount * rate.usd_rate, 4) < 1e16
    order by due.number, due.wallet_id
    for update of row
),
filled as (
    update transactions_transaction row
    set usd_rate = locked.usd_rate, amount_usd = round(row.amount * locked.usd_rate, 4),
        usd_rate_source = locked.source, usd_rate_at = locked.as_of
    from locked
    where row.id = locked.id and row.client_id = locked.client_id and row.usd_rate is null
    returning 1
)
select coalesce(max(id), 0), count(*), (select count(*) from filled) from due
"""


class FillReport(NamedTuple):
    filled: int
    left: int  # still without a rate


def fill_rates() -> FillReport:
    filled = left = 0
    for _last, due, done in fill_batches():
        filled += done
        left += due - done
    return FillReport(filled, left)


def fill_batches(after: int = 0) -> Iterator[tuple[int, int, int]]:
    due = BATCH_ROWS
    while due == BATCH_ROWS:
        after, due, done = fill_batch(after)
        yield after, due, done


def fill_batch(after: int) -> tuple[int, int, int]:
    """Return the last id of the batch after `after`, its rows without a rate, and those filled."""
    with transaction.atomic(using=WORKER), connections[WORKER].cursor() as cursor:
        set_tenant(None, actor=ACTOR, using=WORKER)
        cursor.execute(FILL.format(due=DUE), {"after": after, "rows": BATCH_ROWS})
        return cursor.fetchone()  # type: ignore[no-any-return]  # always one row of three


class FilledRate(NamedTuple):
    rows: int
    is_all: bool  # no others wait for it


def fill_rate(currency: str, day: date) -> FilledRate:
    """Fill what one new rate is for, as the back office, in the page's own transaction.

    As many rows as a page has time for: `fill_rates` has all the time there is.
    """
    values: dict[str, Any] = {"currency": currency, "day": day, "rows": BATCH_ROWS}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select current_setting('statement_timeout')")
            [before] = cursor.fetchone()
            cursor.execute("select set_config('statement_timeout', %s, true)", [LONGEST])
            cursor.execute(FILL.format(due=DUE_OF_RATE), values)
            _last, due, filled = cursor.fetchone()
            cursor.execute("select set_config('statement_timeout', %s, true)", [before])
    except OperationalError:  # the time is up, and nothing is filled
        return FilledRate(0, is_all=False)
    return FilledRate(filled, is_all=due < BATCH_ROWS)
