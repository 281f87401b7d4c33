"""Totals that the database keeps, in the commit of the rows themselves, whoever writes them.

Writers only append to the delta, so they never wait for one another. Readers sum the totals and
the delta in one statement. `compact_totals()` moves the one into the other, whenever it runs.
"""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from paykassma_admin.database.row_security import owned_by_worker, protect, read_only

KEYS = {
    "direction": 'varchar(10) collate "C"',
    "type": 'varchar(10) collate "C"',
    "status": 'varchar(20) collate "C"',
    "wallet_id": "bigint",
    "payment_system_id": "bigint",
    "currency": 'varchar(3) collate "C"',
    "country": 'varchar(2) collate "C"',
    "is_converted": "boolean",
}
MEASURES: dict[str, str] = {"count": "bigint", "amount": "numeric", "amount_usd": "numeric"}

KEY = ", ".join(KEYS)
ALL = ", ".join([*KEYS, *MEASURES])
SUMS = ", ".join(f"sum({name})::{kind} as {name}" for name, kind in MEASURES.items())
SOMETHING = "(count, amount, amount_usd) <> (0, 0, 0)"
# Rows with a sign, by key: what they add to the totals.
SUMMED = """
    insert into transactions_delta (client_id, day, {all})
    select * from (
        select row.client_id, (row.logged_at at time zone client.time_zone)::date as day,
            direction, type, status, wallet_id, payment_system_id, currency, country,
            usd_rate is not null as is_converted, sum(sign) as count, sum(sign * amount) as amount,
            sum(sign * coalesce(amount_usd, 0)) as amount_usd
        from ({rows}) row join clients_client client on client.id = row.client_id
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    ) summed where {something};
    return null;
"""
NEW = "select 1 as sign, * from now_"
OLD = "select -1 as sign, * from was"
# What a statement on transactions says → the rows that it adds and takes away.
EVENTS = {
    "insert": (NEW, "new table as now_"),
    "update": (f"{NEW} union all {OLD}", "old table as was new table as now_"),
    "delete": (OLD, "old table as was"),
}


def table(name: str, first: str, constraint: str) -> RunSQL:
    columns = "".join(f", {n} {kind} not null" for n, kind in {**KEYS, **MEASURES}.items())
    return RunSQL(
        f"create table {name} (client_id bigint not null, {first} date not null{columns}"
        f"{constraint})",
        f"drop table {name}",
    )


def primary_key(name: str, first: str) -> str:
    return f", constraint {name} primary key (client_id, {first}, {KEY})"


def view(name: str, first: str, of_delta: str, kept: str) -> RunSQL:
    """Sees what its reader sees: row-level security is that of the tables."""
    return RunSQL(
        f"""
        create view {name} with (security_invoker = true) as
            select client_id, {first}, {ALL} from {kept}
            union all select client_id, {of_delta}, {ALL} from transactions_delta
        """,
        f"drop view {name}",
    )


def function(head: str, body: str, *, returns: str = "trigger", declares: str = "") -> RunSQL:
    """As worker, who sees every Client's rows; the writer of a row may not even write totals."""
    return RunSQL(
        f"create function {head} returns {returns} language plpgsql security definer"
        f" set search_path = public, pg_temp as $$ {declares} begin {body} end $$",
        f"drop function {head}",
    )


def planned_each_time(head: str) -> RunSQL:
    """A plan that was made for an update of no rows made the next, of 10,000, take 19 s, not 0.4."""
    return RunSQL(
        f"alter function {head} set plan_cache_mode = force_custom_plan",
        f"alter function {head} reset plan_cache_mode",
    )


def kept_on(event: str) -> list[RunSQL]:
    rows, tables = EVENTS[event]
    name = f"keep_totals_on_{event}"
    body = SUMMED.format(all=ALL, rows=rows, something=SOMETHING)
    trigger = (
        f"create trigger {name} after {event} on transactions_transaction referencing {tables}"
        f" for each statement execute function {name}()"
    )
    return [
        function(f"{name}()", body),
        planned_each_time(f"{name}()"),
        owned_by_worker(f"{name}()"),
        RunSQL(trigger, f"drop trigger {name} on transactions_transaction"),
    ]


EMPTY = "".join(
    f"delete from transactions_{name}; " for name in ("delta", "daytotal", "monthtotal")
)


def adding(name: str, first: str, source: str) -> str:
    more = ", ".join(f"{m} = kept.{m} + excluded.{m}" for m in MEASURES)
    return f"""
        insert into transactions_{name} as kept (client_id, {first}, {ALL})
        select client_id, {first}, {KEY}, {SUMS} from {source}
        group by client_id, {first}, {KEY}
        on conflict (client_id, {first}, {KEY}) do update set {more}
    """


# One at a time; the others have nothing left to do.
COMPACT = f"""
    if not pg_try_advisory_xact_lock(hashtext('compact_totals')) then return 0; end if;
    with moved as (delete from transactions_delta returning *),
        of_months as (select *, date_trunc('month', day)::date as month from moved),
        days as ({adding("daytotal", "day", "moved")}),
        months as ({adding("monthtotal", "month", "of_months")})
    select count(*) into compacted from moved;
    return compacted;
"""

# What the rows of a Client, or of all, come to, less what is kept of them.
DIFFERENCES = f"""
    select * from (
        select client_id, day, {KEY}, {SUMS} from (
            select row.client_id, (row.logged_at at time zone client.time_zone)::date as day,
                direction, type, status, wallet_id, payment_system_id, currency, country,
                usd_rate is not null as is_converted, 1 as count, amount,
                coalesce(amount_usd, 0) as amount_usd
            from transactions_transaction row
            join clients_client client on client.id = row.client_id
            where $1 is null or row.client_id = $1
            union all
            select client_id, day, {KEY}, -count, -amount, -amount_usd from transactions_days
            where $1 is null or client_id = $1
        ) both_sides group by client_id, day, {KEY}
    ) difference where {SOMETHING}
"""


class Migration(migrations.Migration):
    dependencies = [("transactions", "0001_initial"), ("clients", "0003_preferences_of_users")]

    operations = [
        table("transactions_delta", "day", ""),
        table("transactions_daytotal", "day", primary_key("day_total_once", "day")),
        table("transactions_monthtotal", "month", primary_key("month_total_once", "month")),
        *(
            operation
            for name in ("transactions_delta", "transactions_daytotal", "transactions_monthtotal")
            for operation in (protect(name), read_only(name))
        ),
        view("transactions_days", "day", "day", "transactions_daytotal"),
        view(
            "transactions_months",
            "month",
            "date_trunc('month', day)::date",
            "transactions_monthtotal",
        ),
        read_only("transactions_days", "transactions_months"),
        *(operation for event in EVENTS for operation in kept_on(event)),
        function("keep_totals_on_truncate()", f"{EMPTY} return null;"),
        owned_by_worker("keep_totals_on_truncate()"),
        RunSQL(
            "create trigger keep_totals_on_truncate after truncate on transactions_transaction"
            " for each statement execute function keep_totals_on_truncate()",
            "drop trigger keep_totals_on_truncate on transactions_transaction",
        ),
        function(
            "compact_totals()", COMPACT, returns="bigint", declares="declare compacted bigint;"
        ),
        owned_by_worker("compact_totals()"),
        RunSQL(
            "create function total_differences(of_client bigint) returns setof transactions_delta"
            f" language sql stable set search_path = public, pg_temp as $$ {DIFFERENCES} $$",
            "drop function total_differences(bigint)",
        ),
        # A difference that is appended is no longer one: so totals are built, and rebuilt.
        function(
            "rebuild_totals(of_client bigint)",
            "insert into transactions_delta select * from total_differences(of_client);",
            returns="void",
        ),
        owned_by_worker("rebuild_totals(bigint)"),
        RunSQL(
            "revoke execute on function rebuild_totals(bigint) from public;"
            " grant execute on function rebuild_totals(bigint) to paykassma_worker",
            RunSQL.noop,
        ),
        function(
            "rebuild_totals_in_another_zone()",
            # Whoever writes transactions now would still count by the days of the old zone.
            "lock table transactions_transaction in share row exclusive mode;"
            " perform rebuild_totals(new.id); return null;",
        ),
        owned_by_worker("rebuild_totals_in_another_zone()"),
        RunSQL(
            "create trigger rebuild_totals_in_another_zone after update of time_zone"
            " on clients_client for each row when (old.time_zone <> new.time_zone)"
            " execute function rebuild_totals_in_another_zone()",
            "drop trigger rebuild_totals_in_another_zone on clients_client",
        ),
        planned_each_time("keep_changes()"),
        RunSQL("select rebuild_totals(null)", RunSQL.noop),
    ]
