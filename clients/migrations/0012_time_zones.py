"""Days and hours of a Client come from a table that Python's tzdata has written, not PostgreSQL's.

PostgreSQL reads EET and CET as fixed offsets, and its rules may be of another year than Python's.
"""

from typing import Any

from django.db import migrations
from django.db.migrations.operations import RunPython, RunSQL

from clients.time_zones import write_time_zones

# Written as it is read: unpacked for each row, an array would cost more than all else.
TABLE = """
    create table clients_timezone (
        name varchar(50) primary key,
        since timestamptz[] not null,
        utc_offset integer[] not null,
        day_offset integer[] not null,
        constraint time_zone_whole check (
            since[1] = '-infinity' and cardinality(since) = cardinality(utc_offset)
            and cardinality(since) = cardinality(day_offset)
        )
    );
    alter table clients_timezone alter since set storage plain,
        alter utc_offset set storage plain, alter day_offset set storage plain;
    revoke insert, update, delete on clients_timezone from paykassma_web, paykassma_worker;
"""
LOCAL = "(moment at time zone 'UTC') + {offset}[width_bucket(moment, since)] * interval '1 second'"


def function(head: str, returns: str, body: str, *, is_fixed: bool = False) -> RunSQL:
    """Without SET and SECURITY DEFINER: PostgreSQL writes the body into the statement itself."""
    volatility = "immutable" if is_fixed else "stable"
    return RunSQL(
        f"create function {head} returns {returns} language sql {volatility} parallel safe"
        f" return {body}",
        f"drop function {head}",
    )


def write(apps: Any, schema_editor: Any) -> None:
    write_time_zones(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("clients", "0011_pages_change_no_client")]

    operations = [
        RunSQL(TABLE, "drop table clients_timezone"),
        RunPython(write, RunPython.noop),
        # These two, where many rows are read: with the columns of a zone that is joined once.
        function(
            "local_time(since timestamptz[], utc_offset integer[], moment timestamptz)",
            "timestamp",
            LOCAL.format(offset="utc_offset"),
            is_fixed=True,
        ),
        function(
            "day_of(since timestamptz[], day_offset integer[], moment timestamptz)",
            "date",
            f"({LOCAL.format(offset='day_offset')})::date",
            is_fixed=True,
        ),
        function(
            "local_time(zone text, moment timestamptz)",
            "timestamp",
            "(select local_time(since, utc_offset, moment) from clients_timezone where name = zone)",
        ),
        function(
            "day_of(zone text, moment timestamptz)",
            "date",
            "(select day_of(since, day_offset, moment) from clients_timezone where name = zone)",
        ),
        function(
            "iso_time(zone text, moment timestamptz)",
            "text",
            """(
                select (to_json(local_time(since, utc_offset, moment)) #>> '{}')
                    || case when seconds < 0 then '-' else '+' end
                    || to_char(abs(seconds) * interval '1 second', 'HH24:MI')
                from clients_timezone, lateral (
                    select utc_offset[width_bucket(moment, since)]
                ) found (seconds) where name = zone
            )""",
        ),
        function(
            "midnight(zone text, day date)",
            "timestamptz",
            """(
                select min(start) from clients_timezone,
                    unnest(since, day_offset, since[2:] || timestamptz 'infinity')
                        as change (since, day_offset, until),
                    greatest(change.since, (day - change.day_offset * interval '1 second')
                        at time zone 'UTC') as start
                where name = zone and start < until
            )""",
        ),
        RunSQL(
            "alter table clients_client drop constraint client_time_zone_known,"
            " add constraint client_time_zone_known"
            " foreign key (time_zone) references clients_timezone (name)",
            "alter table clients_client drop constraint client_time_zone_known,"
            " add constraint client_time_zone_known"
            " check (timezone(time_zone, timestamptz '2026-01-01 00:00+00') is not null)",
        ),
    ]
