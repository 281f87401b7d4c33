"""The moments of an export are written by columns of a zone that is joined once, not a call each.

A call looks the zone up: two moments a row took as long as all the rest of a file.
"""

from importlib import import_module

from django.db import migrations
from django.db.migrations.operations import RunSQL

function = import_module("clients.migrations.0012_time_zones").function

OFFSET = "utc_offset[width_bucket(moment, since)]"
BY_NAME = function(
    "iso_time(zone text, moment timestamptz)",
    "text",
    f"""(
        select (to_json(local_time(since, utc_offset, moment)) #>> '{{}}')
            || case when {OFFSET} < 0 then '-' else '+' end
            || to_char(abs({OFFSET}) * interval '1 second', 'HH24:MI')
        from clients_timezone where name = zone
    )""",
)


class Migration(migrations.Migration):
    dependencies = [("clients", "0014_choices_version")]

    operations = [
        RunSQL(BY_NAME.reverse_sql, BY_NAME.sql),
        function(
            "iso_time(since timestamptz[], utc_offset integer[], moment timestamptz)",
            "text",
            f"""(to_json(local_time(since, utc_offset, moment)) #>> '{{}}')
                || case when {OFFSET} < 0 then '-' else '+' end
                || to_char(abs({OFFSET}) * interval '1 second', 'HH24:MI')""",
        ),
    ]
