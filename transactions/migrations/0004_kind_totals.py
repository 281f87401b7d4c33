"""Totals by kind: what the dashboard shows, less what only lists tell apart.

A year of one kind lies together: 330 pages instead of 8,850. The table is filled from the same
delta, by the same statement; it is held to the days as the days are held to the rows.
"""

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

from paykassma_admin.database.row_security import protect, read_only

days = import_module("transactions.migrations.0002_day_totals")

KEYS = {
    "kind": 'varchar(10) collate "C"',
    **{
        name: kind
        for name, kind in days.KEYS.items()
        if name not in ("type", "status", "wallet_id")
    },
}
KEY = ", ".join(KEYS)
MEASURES = ", ".join(days.MEASURES)
KIND = "transaction_kind(direction, type, status)"
# Of the column's own type: else conditions on the kind would be asked behind the index.
NAMED = f"{KIND}::varchar(10) as kind"
# transactions/totals/kinds.py says the same; a test holds them equal.
KIND_OF = """
    case
        when direction = 'incoming' and status = 'activated' and type in ('real', 'forced')
            then 'pay_in'
        when direction = 'incoming' and status = 'activated' and type = 'fake' then 'fake'
        when type = 'withdrawal' and status = 'activated' then 'withdrawal'
        when type = 'withdrawal' and status in ('pending', 'processing') then 'under_way'
    end
"""
# Of the days' rows and the delta's: the columns of the kinds.
AS_KINDS = f"client_id, day, {KEY.replace('kind', NAMED, 1)}, {MEASURES}"


def adding(name: str, key: str, source: str) -> str:
    more = ", ".join(f"{m} = kept.{m} + excluded.{m}" for m in days.MEASURES)
    return f"""
        insert into transactions_{name} as kept (client_id, {key}, {MEASURES})
        select client_id, {key}, {days.SUMS} from {source}
        group by client_id, {key} order by client_id, {key}
        on conflict (client_id, {key}) do update set {more}
    """


COMPACT = days.COMPACT.replace(
    "of_months as",
    f"""of_kinds as (select {AS_KINDS} from moved where {KIND} is not null),
        kinds as ({adding("kindtotal", f"day, {KEY}", "of_kinds")}),
        of_months as""",
)


def differences(name: str, key: str, due: str) -> RunSQL:
    """What is due by the totals of the days, less what is kept."""
    taken = ", ".join(f"-{measure}" for measure in days.MEASURES)
    return RunSQL(
        f"""
        create function {name}_differences(of_client bigint) returns setof transactions_{name}total
        language sql stable set search_path = public, pg_temp as $$
            select * from (
                select client_id, {key}, {days.SUMS} from (
                    select * from ({due}) due where $1 is null or client_id = $1
                    union all
                    select client_id, {key}, {taken} from transactions_{name}s
                    where $1 is null or client_id = $1
                ) both_sides group by client_id, {key}
            ) difference where {days.SOMETHING}
        $$
        """,
        f"drop function {name}_differences(bigint)",
    )


# Compactors wait, and so does another who rebuilds: he would add the same difference again.
REBUILD = f"""
    perform pg_advisory_xact_lock(hashtext('compact_totals'));
    insert into transactions_delta select * from total_differences(of_client);
    {adding("kindtotal", f"day, {KEY}", "kind_differences(of_client)")};
    {adding("monthtotal", f"month, {days.KEY}", "month_differences(of_client)")};
"""
OLD_REBUILD = "insert into transactions_delta select * from total_differences(of_client);"


def body(head: str, new: str, old: str, *, returns: str, declares: str = "") -> RunSQL:
    """Of a function that there is; owner and privileges stay."""
    replaced = [
        days.function(head, text, returns=returns, declares=declares).sql.replace(
            "create function", "create or replace function", 1
        )
        for text in (new, old)
    ]
    return RunSQL(*replaced)


class Migration(migrations.Migration):
    dependencies = [("transactions", "0003_totals_as_models")]

    operations = [
        RunSQL(
            "create function transaction_kind(direction text, type text, status text) returns text"
            f" language sql immutable parallel safe return {KIND_OF}",
            "drop function transaction_kind(text, text, text)",
        ),
        RunSQL(
            "create table transactions_kindtotal (client_id bigint not null, day date not null"
            + "".join(f", {n} {kind} not null" for n, kind in {**KEYS, **days.MEASURES}.items())
            + ", constraint kind_total_once primary key (client_id, kind, day, direction,"
            " payment_system_id, currency, country, is_converted))",
            "drop table transactions_kindtotal",
        ),
        protect("transactions_kindtotal"),
        RunSQL(
            f"""
            create view transactions_kinds with (security_invoker = true) as
                select client_id, day, {KEY}, {MEASURES} from transactions_kindtotal
                union all select {AS_KINDS} from transactions_delta where {KIND} is not null
            """,
            "drop view transactions_kinds",
        ),
        read_only("transactions_kindtotal", "transactions_kinds"),
        differences(
            "kind",
            f"day, {KEY}",
            f"select {AS_KINDS} from transactions_days where {KIND} is not null",
        ),
        differences(
            "month",
            f"month, {days.KEY}",
            f"select client_id, date_trunc('month', day)::date as month, {days.ALL}"
            " from transactions_days",
        ),
        body("rebuild_totals(of_client bigint)", REBUILD, OLD_REBUILD, returns="void"),
        body(
            "compact_totals()",
            COMPACT,
            days.COMPACT,
            returns="bigint",
            declares="declare compacted bigint;",
        ),
        body(
            "keep_totals_on_truncate()",
            f"{days.EMPTY} delete from transactions_kindtotal; return null;",
            f"{days.EMPTY} return null;",
            returns="trigger",
        ),
        RunSQL("select rebuild_totals(null)", RunSQL.noop),
    ]
