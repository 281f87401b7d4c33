"""One day, one definition: Python, PostgreSQL's functions and what is kept agree on every row."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.db.models import Sum

from accounts.checks import check_time_zones
from clients.models import time_zones
from clients.time_zones import outdated_time_zones, write_time_zones
from paykassma_admin.periods import local_day, midnight
from tests.support.database.raw_sql import execute
from tests.support.factories import (
    make_client,
    make_member,
    make_rate,
    make_transaction,
    seeing,
    worker,
)
from tests.support.pages import csv_rows
from transactions.models import DayTotal, Transaction
from transactions.totals.maintenance import differences

pytestmark = pytest.mark.django_db

# A fixed offset to PostgreSQL; clocks that skip a midnight, or a day, or go back over midnight.
# More, and all days of nine years: tests/slow/test_days_of_zones.py.
ZONES = ["EET", "Africa/Cairo", "Pacific/Apia", "America/St_Johns"]
AFTER_MIDNIGHT = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)  # of the 15th in Berlin
WITH_OWNER = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
ZONE_EET = Path(__file__).parents[1] / "field_cases" / "01-zone-eet.csv"
LIST = "/payments/transactions/"


def answers(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [value for (value,) in cursor.fetchall()]


HALF_AN_HOUR = 30 * 60  # by then Newfoundland's clocks had gone back over midnight, until 2011


def near_midnights(zone, first=date(2009, 1, 1), days=365 * 9):
    for ahead in range(days):
        at = midnight(first + timedelta(days=ahead), zone)
        yield from (at + timedelta(seconds=seconds) for seconds in (-1, 0, 1, HALF_AN_HOUR))


@pytest.mark.parametrize("name", ZONES)
def test_a_day_is_the_same_in_python_and_in_the_database(name):
    zone = ZoneInfo(name)
    moments = list(near_midnights(zone))

    days = answers(
        "select day_of(%s, at) from unnest(%s) with ordinality a (at, n) order by n", name, moments
    )

    assert days == [local_day(at, zone) for at in moments]


def test_a_day_that_has_begun_does_not_end_twice():
    newfoundland = ZoneInfo("America/St_Johns")  # on 7 November from 00:01 to 23:01 of the 6th
    back = datetime(2010, 11, 7, 2, 31, tzinfo=UTC)
    moments = [back + timedelta(minutes=minutes) for minutes in (-2, -1, 0, 58, 59)]

    days = [local_day(moment, newfoundland).day for moment in moments]

    assert [moment.astimezone(newfoundland).day for moment in moments] == [6, 7, 6, 6, 7]
    assert days == [6, 7, 7, 7, 7]


@pytest.mark.parametrize("name", ZONES)
def test_clocks_are_the_same_in_python_and_in_the_database(name):
    zone = ZoneInfo(name)
    moments = list(near_midnights(zone, date(2024, 1, 1), 1000))

    clocks = answers(
        "select local_time(%s, at) from unnest(%s) with ordinality a (at, n) order by n",
        name,
        moments,
    )

    assert clocks == [at.astimezone(zone).replace(tzinfo=None) for at in moments]


@pytest.mark.parametrize("name", ZONES)
def test_a_day_begins_at_the_same_moment_in_python_and_in_the_database(name):
    days = [date(2009, 1, 1) + timedelta(days=n) for n in range(365 * 9)]

    starts = answers(
        "select midnight(%s, day) from unnest(%s) with ordinality a (day, n) order by n", name, days
    )

    assert starts == [midnight(day, ZoneInfo(name)) for day in days]


@WITH_OWNER
def test_an_imported_row_of_eet_lies_on_one_day_everywhere(transactional_db, client):
    member = make_member("erin", client=make_client("delta", time_zone="EET"))
    client.force_login(member)

    call_command(
        "import_transactions", str(ZONE_EET), client="delta", create_wallets=True, stdout=StringIO()
    )

    for day, numbers in [("2026-07-14", []), ("2026-07-15", ["EET-2"])]:
        of_day = {"date_from": day, "date_to": day}
        total = Decimal("777.00") if numbers else 0
        summary = client.get("/", of_day).context["summary"]
        assert (summary.pay_ins.total.count, summary.pay_ins.total.amount) == (len(numbers), total)
        [chart, *_systems] = client.get("/chart.json", of_day).json()["datasets"] or [{"data": [0]}]
        assert sum(Decimal(str(point)) for point in chart["data"]) == total
        listed = client.get(LIST, of_day).context
        assert [row.record.number for row in listed["table"].page.object_list] == numbers
        assert listed["filter"].totals.total().amount == total
        searched = client.get(LIST, of_day | {"transaction_id": "EET*"}).context["filter"]
        with seeing(member):  # out of the rows: no totals are kept by a text
            by_day = searched.selection.totals().counts_by_day
        assert by_day == {date.fromisoformat(day): 1 for _number in numbers}
        rows = csv_rows(client.get(f"{LIST}export.csv", of_day))
        assert [(row["number"], row["logged_at"]) for row in rows] == [
            (number, "2026-07-15T00:30:00+03:00") for number in numbers
        ]
    call_command("check_totals", stdout=StringIO())


@WITH_OWNER
def test_the_rate_of_a_row_is_that_of_its_day(transactional_db, tmp_path):
    member = make_member("erin", client=make_client("delta", time_zone="EET"))
    header, _other, row = ZONE_EET.read_text().splitlines()
    of_inr = row.replace("USD", "INR")
    file = tmp_path / "inr.csv"
    file.write_text(f"{header}\n{of_inr}\n")
    make_rate("INR", "0.01", day=date(2026, 7, 14))
    make_transaction(
        member, "filled", logged_at=datetime(2026, 7, 14, 21, 30, tzinfo=UTC), usd_rate=None
    )
    make_rate("INR", "0.02", day=date(2026, 7, 15))

    call_command(
        "import_transactions", str(file), client="delta", create_wallets=True, stdout=StringIO()
    )
    call_command("fill_rates", stdout=StringIO())

    with seeing(member):
        rated = set(Transaction.unscoped.values_list("usd_rate", "usd_rate_at"))
    assert rated == {(Decimal("0.02"), datetime(2026, 7, 14, 21, tzinfo=UTC))}


# The table, and what follows from it


@pytest.fixture
def erin(transactional_db):
    """Owns the Client Delta in Berlin, with a row half an hour after a midnight in summer."""
    member = make_member("erin", client=make_client("delta", time_zone="Europe/Berlin"))
    yield member
    write_time_zones(using="owner")  # which no flush empties


def days_kept(member):
    with seeing(member):
        counted = DayTotal.unscoped.values_list("day").annotate(Sum("count"))
        return [day for day, count in counted if count]


def read_as_postgresql_reads_cet(name):
    """Read rows without summer time, as another tzdata might have it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table clients_timezone disable trigger user")
        cursor.execute(
            "update clients_timezone set since = since[:1],"
            " utc_offset = utc_offset[:1], day_offset = day_offset[:1] where name = %s",
            [name],
        )
        cursor.execute("alter table clients_timezone enable trigger user")


@WITH_OWNER
def test_check_totals_sees_days_that_are_not_those_of_python(erin, capsys):
    read_as_postgresql_reads_cet("Europe/Berlin")
    make_transaction(erin, logged_at=AFTER_MIDNIGHT)

    [kept, due] = [d for d in differences(None, using="worker") if "wallet_id" in d and "day" in d]
    assert (kept["day"], kept["count"]) == (date(2026, 7, 14), -1)
    assert (due["day"], due["count"]) == (date(2026, 7, 15), 1)
    with pytest.raises(CommandError, match="Europe/Berlin"):
        call_command("check_totals")
    assert [found.id for found in check_time_zones(["default"])] == ["clients.E012"]


@WITH_OWNER
def test_migrate_writes_the_table_again_and_moves_the_days(erin):
    read_as_postgresql_reads_cet("Europe/Berlin")
    make_transaction(erin, logged_at=AFTER_MIDNIGHT)
    assert days_kept(erin) == [date(2026, 7, 14)]

    call_command("migrate", database="owner", verbosity=0)

    assert days_kept(erin) == [date(2026, 7, 15)]
    call_command("check_totals")


@WITH_OWNER
def test_a_zone_that_is_not_in_tzdata_keeps_nobody_out(erin):
    """PostgreSQL's own zones are not asked: one that it does not know has days as well."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "insert into clients_timezone select 'Mars/Olympus', since, utc_offset, day_offset"
            " from clients_timezone where name = 'EET'"
        )
    member = make_member("mara", client=make_client("mars", time_zone="Mars/Olympus"))

    make_transaction(member, logged_at=datetime(2026, 7, 14, 21, 30, tzinfo=UTC))

    assert days_kept(member) == [date(2026, 7, 15)]


def test_every_zone_that_is_offered_is_in_the_table(db):
    assert time_zones() <= set(answers("select name from clients_timezone"))
    assert outdated_time_zones(using="default") == []


def test_only_the_owner_writes_the_table(db):
    for role in (nullcontext, worker):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            role(),
            transaction.atomic(),
        ):
            execute("update clients_timezone set utc_offset = utc_offset")
