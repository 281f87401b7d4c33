"""Merge of imported transactions: compared with the stored rows and written in one statement.

row.py has the rules of most columns, statuses.py the allowed moves; the database's function
`exchange_rate_on` chooses the rate of a new row.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from clients.models import Client
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.imports.batches import Report, default_reason, run_merge, stage
from paykassma_admin.imports.columns import staging_columns
from transactions.imports.row import NAMES, RULES, ImportRow
from transactions.statuses import MOVES

# Stored as they are given; keys are looked up, and the rate is chosen.
STORED = [name for name in NAMES if name not in ("payment_system", "wallet", "usd_rate")]
FAULTS = [f"when {rule.differs} then '{{0}} differs'".format(name) for name, rule in RULES.items()]
ADDITIONS = [f"or ({rule.adds})".format(name) for name, rule in RULES.items() if rule.adds]
MERGED = [f"{{0}} = {rule.merged}".format(name) for name, rule in RULES.items() if rule.merged]

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
            {additions} as adds,
        case
            when system.id is null then 'payment_system unknown'
            when wallet.id is null then 'wallet unknown'
            when allowed.status is null then 'status lacking'
            {faults}
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
        client_id, wallet_id, payment_system_id, {columns},
        usd_rate, amount_usd, usd_rate_source, usd_rate_at, recorded_at, source_id, source_row)
    select %(client)s, wallet_id, payment_system_id, {columns},
        new_rate, round(amount * new_rate, 4),
        case when new_rate is not null then rate_source end,
        case when new_rate is not null then rate_at end,
        now(), %(source)s, line
    from decided where outcome in ('new', 'changed')
    order by number, wallet_id
    on conflict (number, client_id, wallet_id) do update set
        status = excluded.status,
        type = excluded.type,
        {merged},
        amount_usd = coalesce(stored.amount_usd, excluded.amount_usd),
        usd_rate_source = coalesce(stored.usd_rate_source, excluded.usd_rate_source),
        usd_rate_at = coalesce(stored.usd_rate_at, excluded.usd_rate_at)
    -- Only the very row that was judged: another import may have been quicker.
    where stored.id || ' ' || stored.xmin in (select stored_version from decided)
    returning 1
)
select outcome, count(*), array_agg(line), null, null, null, null
from decided where outcome <> 'refused' group by outcome
union all
select outcome, 1, array[line], field, why, to_jsonb(stored) -> field, to_jsonb(given) -> field
from decided given
    cross join lateral (select split_part(fault, ' ', 1), split_part(fault, ' ', 2)) f (field, why)
    left join transactions_transaction stored
        on stored.client_id = %(client)s and stored.id = stored_id
where outcome = 'refused'
union all
select 'written', count(*), null, null, null, null, null from written
"""
STATEMENT = MERGE.format(
    additions=" ".join(ADDITIONS),
    faults=" ".join(FAULTS),
    columns=", ".join(STORED),
    merged=", ".join(MERGED),
)


def store(
    rows: Sequence[tuple[object, ...]], *, client: Client, actor: str, source_id: int
) -> Report:
    """Raise ConcurrentUpdate, with nothing stored, when another import wrote one of `rows`.

    A row that is stored already keeps its source; its changes have this one.
    """
    with tenant(client.pk, actor=actor, source_id=source_id):
        stage("staged_transaction", staging_columns(ImportRow), rows, using=DEFAULT_DB_ALIAS)
        return run_merge(
            STATEMENT,
            {
                "client": client.pk,
                "zone": client.time_zone,
                "moves": MOVE_TEXTS,
                "source": source_id,
            },
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
