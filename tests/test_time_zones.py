"""One day, one definition: Python, PostgreSQL's functions and what is kept agree on every row."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from paykassma_admin.periods import day_of, midnight
from tests.factories import make_client, make_member, make_transaction
from tests.pages import exported

pytestmark = pytest.mark.django_db

# Fixed offsets to PostgreSQL; rules that move from year to year; clocks that skip a midnight, or a
# day, or go back over midnight or onto it.
ZONES = ["EET", "CET", "MET", "WET", "America/Vancouver", "Africa/Casablanca", "Africa/Cairo"]
ZONES += ["America/Havana", "Pacific/Apia", "America/St_Johns", "Asia/Kolkata", "UTC"]
LIST = "/payments/transactions/"


def answers(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [value for (value,) in cursor.fetchall()]


def near_midnights(zone, first=date(2009, 1, 1), days=365 * 9):
    for ahead in range(days):
        at = midnight(first + timedelta(days=ahead), zone)
        yield from (at - timedelta(seconds=1), at, at + timedelta(seconds=1))


@pytest.mark.parametrize("name", ZONES)
def test_a_day_is_the_same_in_python_and_in_the_database(name):
    zone = ZoneInfo(name)
    moments = list(near_midnights(zone))

    days = answers(
        "select day_of(%s, at) from unnest(%s) with ordinality a (at, n) order by n", name, moments
    )

    assert days == [day_of(at, zone) for at in moments]


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


def test_a_row_of_a_client_in_eet_lies_on_one_day_everywhere(client):
    member = make_member("erin", client=make_client("delta", time_zone="EET"))
    make_transaction(member, "EET-2", logged_at=datetime(2026, 7, 14, 21, 30, tzinfo=UTC))
    client.force_login(member)

    for day, rows in [("2026-07-14", []), ("2026-07-15", ["EET-2"])]:
        of_day = {"date_from": day, "date_to": day}
        listed = client.get(LIST, of_day)
        assert [row.record.number for row in listed.context["table"].page.object_list] == rows
        assert listed.context["filter"].totals.count == len(rows)
        dashboard = client.get("/", of_day)
        assert dashboard.context["summary"].pay_ins.total.count == len(rows)
        assert [row["number"] for row in exported(client.get(f"{LIST}export.csv", of_day))] == rows
