"""Days of rows are those of the table of time zones: migration 0012 of clients says why.

A zone that changes there has the totals of its Clients rebuilt in the same commit.
"""

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

from paykassma_admin.database.row_security import owned_by_worker

days = import_module("transactions.migrations.0002_day_totals")
kinds = import_module("transactions.migrations.0004_kind_totals")

OLD_DAY = "(row.logged_at at time zone client.time_zone)::date as day"
DAY = "day_of(zone.since, zone.day_offset, row.logged_at) as day"
OLD_JOIN = "join clients_client client on client.id = row.client_id"
JOIN = f"{OLD_JOIN} join clients_timezone zone on zone.name = client.time_zone"


def by_the_table(statement: str) -> str:
    return statement.replace(OLD_DAY, DAY).replace(OLD_JOIN, JOIN)


def kept_on(event: str) -> RunSQL:
    """CREATE OR REPLACE takes off settings that it does not name."""
    body = days.SUMMED.format(all=days.ALL, rows=days.EVENTS[event][0], something=days.SOMETHING)
    head = f"keep_totals_on_{event}()"
    replaced = kinds.body(head, by_the_table(body), body, returns="trigger")
    planned = days.planned_each_time(head).sql
    return RunSQL(f"{replaced.sql}; {planned}", f"{replaced.reverse_sql}; {planned}")


def differences(statement: str) -> str:
    return (
        "create or replace function total_differences(of_client bigint)"
        " returns setof transactions_delta language sql stable"
        f" set search_path = public, pg_temp as $$ {statement} $$"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("transactions", "0011_nothing_deletes"),
        ("clients", "0012_time_zones"),
    ]

    operations = [
        *map(kept_on, days.EVENTS),
        RunSQL(differences(by_the_table(days.DIFFERENCES)), differences(days.DIFFERENCES)),
        days.function(
            "rebuild_totals_of_a_zone()",
            "lock table transactions_transaction in share row exclusive mode;"
            " perform rebuild_totals(id) from clients_client where time_zone = new.name;"
            " return null;",
        ),
        owned_by_worker("rebuild_totals_of_a_zone()"),
        RunSQL(
            "create trigger rebuild_totals_of_a_zone after update on clients_timezone"
            " for each row execute function rebuild_totals_of_a_zone()",
            "drop trigger rebuild_totals_of_a_zone on clients_timezone",
        ),
        RunSQL("select rebuild_totals(null)", RunSQL.noop),
    ]
