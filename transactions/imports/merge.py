"""Merge of imported transactions: compared with the stored rows and written in one statement.

See the decisions table, "A number that comes again". statuses.py has the allowed moves; the
database's function `exchange_rate_on` chooses the rate of a new row.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from clients.models import Client
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.imports.batches import Report, default_reason, run_merge, stage
from transactions.statuses import MOVES

COLUMN_TYPES = """
    line integer, number text collate "C", payment_system text collate "C",
    wallet text collate "C", direction text collate "C", type text collate "C",
    status text collate "C", amount numeric(20, 4), currency text collate "C",
    country text collate "C", logged_at timestamptz, label text collate "C",
    order_number text collate "C", counterparty text, activated_at timestamptz,
    usd_rate numeric(20, 10)
"""

MOVE_TEXTS = [f"{earlier} {later}" for earlier in MOVES for later in MOVES[earlier]]

MERGE = """
with zone as (select since, day_offset from clients_timezone where name = %(zone)s),
rate as materialized (
    select wanted.*, found.usd_rate, found.source,
           midnight(%(zone)s, found.day) as as_of
    from (select distinct currency, day_of(zone.since, zone.day_offset, logged_at) as day
          from staged_transaction, zone where usd_rate is null) wanted,
         lateral exchange_rate_on(wanted.currency, wanted.day) found
),
compared as (
    select given.*, system.id as payment_system_id, wallet.id as wallet_id,
        stored.id as stored_id, stored.id || ' ' || stored.xmin as stored_version,
        case when given.usd_rate is not null then given.usd_rate
             when stored.id is null then rate.usd_rate end as new_rate,
        case when given.usd_rate is not null then 'file' else rate.source end as rate_source,
        case when given.usd_rate is not null then given.logged_at else rate.as_of end as rate_at,
        (stored.status || ' ' || given.status) = any (%(moves)s) as moves_on,
        (given.status || ' ' || stored.status) = any (%(moves)s) as moves_back,
        stored.type = 'forced' and given.type = 'real' as is_real_again,
        (stored.type = 'real' and given.type = 'forced')
            or (stored.label = '' and given.label <> '')
            or (stored.order_number = '' and given.order_number <> '')
            or (stored.counterparty = '' and given.counterparty <> '')
            or (stored.activated_at is null and given.activated_at is not null)
            or (stored.usd_rate is null and given.usd_rate is not null) as adds,
        case
            when system.id is null then 'payment_system unknown'
            when wallet.id is null then 'wallet unknown'
            when allowed.status is null then 'status lacking'
            when stored.direction <> given.direction then 'direction differs'
            when stored.amount <> given.amount then 'amount differs'
            when stored.currency <> given.currency then 'currency differs'
            when stored.country <> given.country then 'country differs'
            when stored.logged_at <> given.logged_at then 'logged_at differs'
            when stored.label <> given.label
                and '' not in (stored.label, given.label)
                and normalize(stored.label) <> given.label then 'label differs'
            when stored.order_number <> given.order_number
                and '' not in (stored.order_number, given.order_number)
                and normalize(stored.order_number) <> given.order_number
                then 'order_number differs'
            when stored.counterparty <> given.counterparty
                and '' not in (stored.counterparty, given.counterparty)
                and not is_same_name(stored.counterparty, given.counterparty)
                then 'counterparty differs'
            when stored.activated_at <> given.activated_at then 'activated_at differs'
            when stored.usd_rate <> given.usd_rate then 'usd_rate differs'
            when stored.type <> given.type and (stored.type, given.type)
                not in (('real', 'forced'), ('forced', 'real')) then 'type differs'
        end as problem,
        stored.status as stored_status
    from staged_transaction given cross join zone
    left join wallets_paymentsystem system on system.code = given.payment_system
    left join wallets_wallet wallet on wallet.client_id = %(client)s
        and wallet.payment_system_id = system.id and wallet.number = given.wallet
    left join wallets_paymentsystemstatus allowed
        on allowed.payment_system_id = system.id and allowed.status = given.status
    -- The limit keeps the planner to the unique index; else it may read the whole table a batch.
    left join lateral (
        select *, xmin from transactions_transaction
        where client_id = %(client)s and number = given.number and wallet_id = wallet.id limit 1
    ) stored on true
    left join rate on given.usd_rate is null and rate.currency = given.currency
        and rate.day = day_of(zone.since, zone.day_offset, given.logged_at)
),
-- A conflict outranks a row that comes late, and that one everything which it could add.
judged as materialized (
    select *,
        case
            when problem is not null then problem
            when stored_status <> status and not moves_on and not moves_back
                then 'status differs'
            when round(amount * new_rate, 4) >= 1e16 then 'amount overflows'
        end as fault
    from compared
),
decided as materialized (
    select *,
        case
            when fault is not null then 'refused'
            when stored_id is null then 'new'
            when moves_back or is_real_again then 'stale'
            when moves_on or adds then 'changed'
            else 'unchanged'
        end as outcome
    from judged
),
written as (
    insert into transactions_transaction as stored (
        client_id, wallet_id, payment_system_id, number, direction, type, status, amount,
        currency, country, label, order_number, counterparty, usd_rate, amount_usd,
        usd_rate_source, usd_rate_at, logged_at, activated_at, recorded_at)
    select %(client)s, wallet_id, payment_system_id, number, direction, type, status, amount,
        currency, country, label, order_number, counterparty,
        new_rate, round(amount * new_rate, 4),
        case when new_rate is not null then rate_source end,
        case when new_rate is not null then rate_at end,
        logged_at, activated_at, now()
    from decided where outcome in ('new', 'changed')
    order by number, wallet_id
    on conflict (number, client_id, wallet_id) do update set
        status = excluded.status,
        type = excluded.type,
        label = coalesce(nullif(stored.label, ''), excluded.label),
        order_number = coalesce(nullif(stored.order_number, ''), excluded.order_number),
        counterparty = coalesce(nullif(stored.counterparty, ''), excluded.counterparty),
        activated_at = coalesce(stored.activated_at, excluded.activated_at),
        usd_rate = coalesce(stored.usd_rate, excluded.usd_rate),
        amount_usd = coalesce(stored.amount_usd, excluded.amount_usd),
        usd_rate_source = coalesce(stored.usd_rate_source, excluded.usd_rate_source),
        usd_rate_at = coalesce(stored.usd_rate_at, excluded.usd_rate_at)
    -- Only the very row that was judged: another import may have been quicker.
    where stored.id || ' ' || stored.xmin in (select stored_version from decided)
    returning 1
)
select outcome, count(*), null::integer, null, null, null, null
from decided where outcome <> 'refused' group by outcome
union all
select outcome, 1, line, field, why, to_jsonb(stored) ->> field, to_jsonb(given) ->> field
from decided given
    cross join lateral (select split_part(fault, ' ', 1), split_part(fault, ' ', 2)) f (field, why)
    left join transactions_transaction stored
        on stored.client_id = %(client)s and stored.id = stored_id
where outcome = 'refused'
union all
select 'written', count(*), null, null, null, null, null from written
"""


def store(rows: Sequence[tuple[object, ...]], *, client: Client, actor: str) -> Report:
    """Raise ConcurrentUpdate, with nothing stored, when another import wrote one of `rows`."""
    with tenant(client.pk, actor=actor):
        stage("staged_transaction", COLUMN_TYPES, rows, using=DEFAULT_DB_ALIAS)
        return run_merge(
            MERGE,
            {"client": client.pk, "zone": client.time_zone, "moves": MOVE_TEXTS},
            using=DEFAULT_DB_ALIAS,
            reason=conflict_reason,
        )


def conflict_reason(why: str, *, stored: str, given: str) -> str:
    match why:
        case "lacking":
            return _("transactions of this payment system do not have the status %(status)s") % {
                "status": given
            }
        case "overflows":
            return _("its value in USD is too large")
        case _:
            return default_reason(why, stored=stored, given=given)
