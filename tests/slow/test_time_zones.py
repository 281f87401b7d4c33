from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from clients.models import time_zones
from paykassma_admin.periods import Period, local_day, midnight

pytestmark = pytest.mark.django_db

NINE_YEARS = (date(2019, 1, 1), date(2027, 12, 31))
NAMES = sorted(time_zones())
DISAGREEMENTS = """
    select moment, day, clock
    from unnest(%(moments)s::timestamptz[], %(days)s::date[], %(clocks)s::timestamp[])
        as python (moment, day, clock), clients_timezone
    where name = %(name)s and (day_of(since, day_offset, moment) <> day
        or local_time(since, utc_offset, moment) <> clock)
"""


def disagreements(name, moments):
    zone = ZoneInfo(name)
    python = {
        "name": name,
        "moments": moments,
        "days": [local_day(moment, zone) for moment in moments],
        "clocks": [moment.astimezone(zone).replace(tzinfo=None) for moment in moments],
    }
    with connection.cursor() as cursor:
        cursor.execute(DISAGREEMENTS, python)
        return cursor.fetchall()


@pytest.mark.parametrize("name", NAMES)
def test_a_day_is_one_about_every_midnight_of_nine_years(name):
    zone, second = ZoneInfo(name), timedelta(seconds=1)
    starts = [midnight(day, zone) for day in Period(*NINE_YEARS, zone).days()]

    assert disagreements(name, [at + n * second for at in starts for n in (-1, 0, 1)]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_period_holds_exactly_the_moments_whose_day_it_is(name):
    """About every change of the clock in a century; and days come one after another."""
    zone, moments = ZoneInfo(name), about_changes(name)
    days = [local_day(moment, zone) for moment in moments]
    periods = [Period(day, day, zone) for day in days]

    assert disagreements(name, moments) == []
    assert days == sorted(days)
    assert all(p.start <= at < p.end for p, at in zip(periods, moments, strict=True))


def about_changes(name):
    with connection.cursor() as cursor:
        cursor.execute("select since[2:] from clients_timezone where name = %s", [name])
        [(changes,)] = cursor.fetchall()
    hours = [
        timedelta(minutes=minutes) for minutes in (-61, -1, 0, 1, 29, 30, 59, 60, 61, 121, 181)
    ]
    return sorted({at + hour for at in changes for hour in hours if at.year in range(2000, 2100)})
