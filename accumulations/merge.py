from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from clients.models import Client
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.imports.batches import Report, default_reason, run_merge, shorten, stage
from paykassma_admin.imports.columns import CODE, staging_columns


class AccumulationRow(NamedTuple):
    line: Annotated[int, "integer"]
    number: Annotated[str, CODE]
    payment_system: Annotated[str, CODE]
    wallet: Annotated[str, CODE]
    amount: Annotated[Decimal, "numeric(20, 4)"]
    currency: Annotated[str, CODE]
    formed_at: Annotated[datetime, "timestamptz"]
    label: Annotated[str, CODE] = ""
    transactions: tuple[str, ...] = ()  # staged apart


PART_COLUMN_TYPES = 'line integer, number text collate "C"'

# What is stored stays. An empty label may be filled, and so may parts that were not known.
MERGE = """
with found as materialized (
    select given.*, system.id as payment_system_id, wallet.id as wallet_id,
        stored.id as stored_id, stored.id || ' ' || stored.xmin as stored_version,
        stored.amount as stored_amount, stored.currency as stored_currency,
        stored.formed_at as stored_formed_at, stored.label as stored_label,
        (select count(*) from accumulations_accumulationentry entry
         where entry.client_id = %(client)s and entry.accumulation_id = stored.id) as stored_parts,
        coalesce(nullif(given.label, ''), stored.label) as its_label
    from staged_accumulation given
    left join wallets_paymentsystem system on system.code = given.payment_system
    left join wallets_wallet wallet on wallet.client_id = %(client)s
        and wallet.payment_system_id = system.id and wallet.number = given.wallet
    left join accumulations_accumulation stored on stored.client_id = %(client)s
        and stored.wallet_id = wallet.id and stored.number = given.number
),
part as materialized (
    select given.line, given.number, movement.id as transaction_id, movement.amount,
        movement.currency <> found.currency as is_foreign,
        transaction_kind(movement.direction, movement.type, movement.status) <> 'pay_in'
            as is_uncounted,
        movement.label <> '' and movement.label <> coalesce(
            nullif(found.its_label, ''), max(movement.label) over (partition by line)
        ) as is_of_another_label,
        movement.logged_at > found.formed_at as is_later,
        entry.accumulation_id <> coalesce(found.stored_id, 0) as is_taken,
        entry.accumulation_id = found.stored_id as is_kept
    from staged_part given join found using (line)
    left join lateral (
        select * from transactions_transaction
        where client_id = %(client)s and number = given.number and wallet_id = found.wallet_id
        limit 1
    ) movement on true
    left join accumulations_accumulationentry entry
        on entry.client_id = %(client)s and entry.transaction_id = movement.id
),
whole as materialized (
    select line, count(*) as parts, count(*) filter (where is_kept) as kept, sum(amount) as total,
        min(number) filter (where transaction_id is null) as unknown_part,
        min(number) filter (where is_taken) as taken_part,
        min(number) filter (where is_foreign) as foreign_part,
        min(number) filter (where is_uncounted) as uncounted_part,
        min(number) filter (where is_of_another_label) as labelled_part,
        min(number) filter (where is_later) as later_part
    from part group by line
),
judged as materialized (
    select found.*, coalesce(parts, 0) as parts,
        coalesce(unknown_part, taken_part, foreign_part, uncounted_part, labelled_part,
            later_part, trim_scale(total)::text) as detail,
        case
            when payment_system_id is null then 'payment_system unknown'
            when wallet_id is null then 'wallet unknown'
            when stored_amount <> amount then 'amount differs'
            when stored_currency <> currency then 'currency differs'
            when stored_formed_at <> formed_at then 'formed_at differs'
            when stored_label <> label and '' not in (stored_label, label)
                and normalize(stored_label) <> label then 'label differs'
            when stored_label = '' and label <> '' and exists (
                select from accumulations_accumulationentry entry
                join transactions_transaction movement on movement.id = entry.transaction_id
                where entry.client_id = %(client)s and movement.client_id = %(client)s
                    and entry.accumulation_id = stored_id
                    and movement.label not in ('', found.label)
            ) then 'label parts'
            when unknown_part is not null then 'transactions unknown'
            when taken_part is not null then 'transactions taken'
            when foreign_part is not null then 'transactions foreign'
            when uncounted_part is not null then 'transactions uncounted'
            when labelled_part is not null then 'transactions labelled'
            when later_part is not null then 'transactions later'
            when total <> amount then 'transactions sum'
            when stored_parts > 0 and (parts, kept) <> (stored_parts, parts)
                then 'transactions other'
        end as fault
    from found left join whole using (line)
),
decided as materialized (
    select *,
        case
            when fault is not null then 'refused'
            when stored_id is null then 'new'
            when (stored_label = '' and label <> '') or (stored_parts = 0 and parts > 0)
                then 'changed'
            else 'unchanged'
        end as outcome
    from judged
),
written as (
    insert into accumulations_accumulation as stored
        (client_id, wallet_id, number, label, amount, currency, formed_at)
    select %(client)s, wallet_id, number, label, amount, currency, formed_at
    from decided where outcome in ('new', 'changed')
    order by number, wallet_id
    on conflict (number, client_id, wallet_id) do update
        set label = coalesce(nullif(stored.label, ''), excluded.label)
        -- Only the very row that was judged: another import may have been quicker.
        where stored.id || ' ' || stored.xmin in (select stored_version from decided)
    returning id, wallet_id, number
),
new_part as materialized (
    select written.id as accumulation_id, part.transaction_id
    from written join decided using (wallet_id, number) join part on part.line = decided.line
    where decided.stored_parts is distinct from decided.parts
),
entered as (
    insert into accumulations_accumulationentry (client_id, accumulation_id, transaction_id)
    select %(client)s, accumulation_id, transaction_id from new_part order by transaction_id
    on conflict (transaction_id, client_id) do nothing
    returning 1
)
select outcome, count(*), array_agg(line), null, null, null, null
from decided where outcome <> 'refused' group by outcome
union all
select outcome, 1, array[line], field, why,
    case field when 'transactions' then to_jsonb(detail) else to_jsonb(stored) -> field end,
    case field when 'transactions' then to_jsonb(detail) else to_jsonb(given) -> field end
from decided given
    cross join lateral (select split_part(fault, ' ', 1), split_part(fault, ' ', 2)) f (field, why)
    left join accumulations_accumulation stored
        on stored.client_id = %(client)s and stored.id = stored_id
where outcome = 'refused'
union all
-- A part that another import took meanwhile: then nothing counts as written.
select 'written',
    case when (select count(*) from entered) = (select count(*) from new_part)
         then (select count(*) from written) else -1 end,
    null, null, null, null, null
"""


def store(rows: Sequence[AccumulationRow], *, client: Client, actor: str) -> Report:
    """Raise ConcurrentUpdate, with nothing stored, when another import wrote the same meanwhile."""
    parts = [(row.line, number) for row in rows for number in row.transactions]
    with tenant(client.pk, actor=actor):
        stage(
            "staged_accumulation",
            staging_columns(AccumulationRow),
            [row[:-1] for row in rows],
            using=DEFAULT_DB_ALIAS,
        )
        stage("staged_part", PART_COLUMN_TYPES, parts, using=DEFAULT_DB_ALIAS)
        return run_merge(
            MERGE, {"client": client.pk}, using=DEFAULT_DB_ALIAS, reason=conflict_reason
        )


def conflict_reason(why: str, *, stored: str, given: str) -> str:
    match why:
        case "taken":
            return _("%(number)s is part of another accumulation") % {"number": shorten(given)}
        case "foreign":
            return _("%(number)s is in another currency") % {"number": shorten(given)}
        case "uncounted":
            sentence = _(
                "%(number)s is not an activated pay-in, real or forced. Name the transactions"
                " that were gathered."
            )
            return sentence % {"number": shorten(given)}
        case "labelled":
            sentence = _("%(number)s has another label. Name transactions of one label.")
            return sentence % {"number": shorten(given)}
        case "later":
            sentence = _("%(number)s was logged later than formed_at. Name earlier transactions.")
            return sentence % {"number": shorten(given)}
        case "parts":
            return _("“%(value)s” is not the label of its transactions") % {"value": shorten(given)}
        case "sum":
            return _("they add up to %(total)s") % {"total": given}
        case "other":
            return _("different ones are stored")
        case _:
            return default_reason(why, stored=stored, given=given)
