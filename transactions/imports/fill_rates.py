"""Rates for transactions without one, as of their day. A rate that is set is never changed."""

from typing import NamedTuple

from django.db import connections, transaction

from paykassma_admin.database.tenancy import WORKER, set_tenant

BATCH_ROWS = 5_000
ACTOR = "fill_rates"

# Rows are locked in the order in which imports write them, so that the two never wait in a circle.
FILL = """
with due as materialized (
    select row.id, row.number, row.wallet_id, row.currency, row.amount, client.time_zone,
           day_of(zone.since, zone.day_offset, row.logged_at) as day
    from transactions_transaction row join clients_client client on client.id = row.client_id
        join clients_timezone zone on zone.name = client.time_zone
    where row.usd_rate is null and row.id > %(after)s
    order by row.id limit %(rows)s
),
rate as materialized (
    select wanted.*, found.usd_rate, found.source,
           midnight(wanted.time_zone, found.day) as as_of
    from (select distinct currency, day, time_zone from due) wanted,
         lateral exchange_rate_on(wanted.currency, wanted.day) found
),
locked as materialized (
    select row.id, rate.usd_rate, rate.source, rate.as_of
    from due join rate using (currency, day, time_zone)
         join transactions_transaction row on row.id = due.id
    where round(due.amount * rate.usd_rate, 4) < 1e16
    order by due.number, due.wallet_id
    for update of row
),
filled as (
    update transactions_transaction row
    set usd_rate = locked.usd_rate, amount_usd = round(row.amount * locked.usd_rate, 4),
        usd_rate_source = locked.source, usd_rate_at = locked.as_of
    from locked where row.id = locked.id and row.usd_rate is null
    returning 1
)
select coalesce(max(id), 0), count(*), (select count(*) from filled) from due
"""


class FillReport(NamedTuple):
    filled: int
    left: int  # still without a rate


def fill_rates() -> FillReport:
    """Fill the rates of all Clients, committing batch by batch."""
    filled = left = after = 0
    due = BATCH_ROWS
    while due == BATCH_ROWS:
        after, due, done = fill_batch(after)
        filled += done
        left += due - done
    return FillReport(filled, left)


def fill_batch(after: int) -> tuple[int, int, int]:
    """Return the last id of the batch after `after`, its rows without a rate, and those filled."""
    with transaction.atomic(using=WORKER), connections[WORKER].cursor() as cursor:
        set_tenant(None, actor=ACTOR, using=WORKER)
        cursor.execute(FILL, {"after": after, "rows": BATCH_ROWS})
        return cursor.fetchone()  # type: ignore[no-any-return]  # always one row of three
