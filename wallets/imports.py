from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _

from clients.models import Client
from paykassma_admin.database.tenancy import WORKER, tenant
from paykassma_admin.imports import fields
from paykassma_admin.imports.batches import (
    InvalidValue,
    Record,
    Report,
    RowError,
    import_records,
    retry_on_conflict,
    run_merge,
    split_rounds,
    stage,
)
from paykassma_admin.imports.columns import CODE, file_columns, staging_columns
from paykassma_admin.periods import local_day
from paykassma_admin.values.money import USD
from wallets.jumps import GivenRate, judge_rates
from wallets.rates import jump_message

# Exchange rates: the administrator's, for all Clients


class RateRow(NamedTuple):
    line: Annotated[int, "integer"]
    currency: Annotated[str, CODE]
    day: Annotated[date, "date"]
    usd_rate: Annotated[Decimal, "numeric(20, 10)"]
    source: Annotated[str, "text"]


RATE_COLUMNS = file_columns(RateRow)

# A rate is never changed: another one of that day is recorded beside it, and the newest counts.
# One that stood before, and was corrected since, is stale: so an old file undoes no correction.
MERGE_RATES = """
with judged as materialized (
    select given.*,
        case
            when newest.id is null then 'new'
            when (newest.usd_rate, newest.source) = (given.usd_rate, given.source)
                then 'unchanged'
            when exists (
                select from wallets_exchangerate earlier
                where earlier.currency = given.currency and earlier.day = given.day
                    and (earlier.usd_rate, earlier.source) = (given.usd_rate, given.source)
            ) then 'stale'
            else 'changed'
        end as outcome
    from staged_rate given
    left join lateral (
        select * from wallets_exchangerate rate
        where rate.currency = given.currency and rate.day = given.day
        order by recorded_at desc, id desc limit 1
    ) newest on true
    where given.line = any (%(lines)s)
),
written as (
    insert into wallets_exchangerate (currency, day, usd_rate, source, recorded_at)
    select currency, day, usd_rate, source, clock_timestamp()
    from judged where outcome in ('new', 'changed')
    returning 1
)
select outcome, count(*), array_agg(line), null, null, null, null from judged group by outcome
union all
select 'written', count(*), null, null, null, null, null from written
"""


# Of what would be recorded: a file that comes again may have a jump that has been accepted.
NEAREST_RATES = """
select given.line, given.currency, given.day, given.usd_rate, given.source, near.day, near.usd_rate
from staged_rate given
left join lateral nearest_exchange_rate(given.currency, given.day) near on true
where not exists (
    select from wallets_exchangerate stored
    where stored.currency = given.currency and stored.day = given.day
        and (stored.usd_rate, stored.source) = (given.usd_rate, given.source)
)
order by given.currency, given.day, given.line
"""


def import_rates(
    records: Iterable[Record | RowError], *, accept_jumps: bool = False
) -> Iterator[Report]:
    """Yield a report of each batch once it is committed. Does not fill transactions."""
    store = partial(store_rates, accept_jumps=accept_jumps)
    return import_records(records, parse=parse_rate, keys=rate_line, store=store)


def parse_rate(line: int, texts: list[str]) -> RateRow:
    currency, day, usd_rate, source = texts
    on = fields.day("day", day)
    if fields.currency("currency", currency, lambda: on) == USD:
        raise InvalidValue("currency", _("USD needs no rate: it is worth 1"))
    return RateRow(
        line,
        currency,
        on,
        fields.usd_rate("usd_rate", usd_rate, currency),
        fields.name("source", source, 100),
    )


def rate_line(row: RateRow) -> Iterable[int]:
    """Keep a batch together: a day's rates are compared with all that the file has of others."""
    yield row.line


def rate_keys(row: RateRow) -> Iterable[tuple[str, date]]:
    yield row.currency, row.day


def store_rates(rows: Sequence[RateRow], *, accept_jumps: bool) -> Report:
    report = Report()
    with transaction.atomic(using=WORKER), connections[WORKER].cursor() as cursor:
        # One import at a time judges the newest.
        cursor.execute("select pg_advisory_xact_lock(hashtext('import_rates'))")
        stage("staged_rate", staging_columns(RateRow), rows, using=WORKER)
        jumps = {} if accept_jumps else find_jumps(cursor)
        for together in split_rounds((row for row in rows if row.line not in jumps), rate_keys):
            lines = {"lines": [row.line for row in together]}
            report.add(run_merge(MERGE_RATES, lines, using=WORKER))
    for line, reason in jumps.items():
        report.add_error(RowError(line, "usd_rate", reason))
    return report


def find_jumps(cursor: Any) -> dict[int, str]:
    cursor.execute(NEAREST_RATES)
    otherwise = _("If the rate is right, run the import with --accept-jumps.")
    jumps = judge_rates([GivenRate(*given) for given in cursor.fetchall()])
    return {
        given.line: f"{jump_message(given.usd_rate, near)} {otherwise}" for given, near in jumps
    }


# Balances


class BalanceRow(NamedTuple):
    line: Annotated[int, "integer"]
    payment_system: Annotated[str, CODE]
    currency: Annotated[str, CODE]
    amount: Annotated[Decimal, "numeric(20, 4)"]
    as_of: Annotated[datetime, "timestamptz"]
    commission_percent: Annotated[Decimal | None, "numeric(7, 4)"] = None


BALANCE_COLUMNS = file_columns(BalanceRow)

MERGE_BALANCES = """
with judged as materialized (
    select given.*, system.id as payment_system_id, stored.id as stored_id,
        stored.id || ' ' || stored.xmin as stored_version,
        stored.commission_percent is null and given.commission_percent is not null as adds,
        case
            when system.id is null then 'payment_system unknown'
            when stored.amount <> given.amount then 'amount differs'
            when stored.commission_percent <> given.commission_percent
                then 'commission_percent differs'
        end as fault
    from staged_balance given
    left join wallets_paymentsystem system on system.code = given.payment_system
    left join wallets_balance stored on stored.client_id = %(client)s
        and stored.payment_system_id = system.id and stored.currency = given.currency
        and stored.as_of = given.as_of
),
decided as materialized (
    select *,
        case when fault is not null then 'refused' when stored_id is null then 'new'
             when adds then 'changed' else 'unchanged' end as outcome
    from judged
),
written as (
    insert into wallets_balance as stored
        (client_id, payment_system_id, currency, amount, commission_percent, as_of)
    select %(client)s, payment_system_id, currency, amount, commission_percent, as_of
    from decided where outcome in ('new', 'changed')
    order by payment_system_id, currency, as_of
    on conflict (client_id, payment_system_id, currency, as_of)
        do update set commission_percent = excluded.commission_percent
        where stored.id || ' ' || stored.xmin in (select stored_version from decided)
    returning 1
)
select outcome, count(*), array_agg(line), null, null, null, null
from decided where outcome <> 'refused' group by outcome
union all
select outcome, 1, array[line], field, why, to_jsonb(stored) -> field, to_jsonb(given) -> field
from decided given
    cross join lateral (select split_part(fault, ' ', 1), split_part(fault, ' ', 2)) f (field, why)
    left join wallets_balance stored on stored.client_id = %(client)s and stored.id = stored_id
where outcome = 'refused'
union all
select 'written', count(*), null, null, null, null, null from written
"""


def import_balances(
    records: Iterable[Record | RowError], *, client: Client, actor: str, is_trial: bool = False
) -> Iterator[Report]:
    store = partial(store_balances, client=client, actor=actor)
    return import_records(
        records,
        parse=partial(parse_balance, zone=client.zone),
        keys=balance_keys,
        store=partial(retry_on_conflict, store),
        is_trial=is_trial,
    )


def parse_balance(line: int, texts: list[str], *, zone: ZoneInfo) -> BalanceRow:
    payment_system, currency, amount, as_of, commission_percent = texts
    at = fields.moment("as_of", as_of, zone)
    return BalanceRow(
        line,
        fields.known_number("payment_system", payment_system, 50),
        fields.currency("currency", currency, partial(local_day, at, zone)),
        fields.balance("amount", amount, currency),
        at,
        fields.percent("commission_percent", commission_percent) if commission_percent else None,
    )


def balance_keys(row: BalanceRow) -> Iterable[tuple[str, str, datetime]]:
    yield row.payment_system, row.currency, row.as_of


def store_balances(rows: Sequence[BalanceRow], *, client: Client, actor: str) -> Report:
    with tenant(client.pk, actor=actor):
        stage("staged_balance", staging_columns(BalanceRow), rows, using=DEFAULT_DB_ALIAS)
        parameters = {"client": client.pk}
        return run_merge(MERGE_BALANCES, parameters, using=DEFAULT_DB_ALIAS)
