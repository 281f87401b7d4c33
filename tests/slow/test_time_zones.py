"""Every zone that is offered, at every midnight of nine years: one day, whoever is asked."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from clients.models import time_zones
from paykassma_admin.periods import Period, day_of

pytestmark = pytest.mark.django_db

NINE_YEARS = (date(2019, 1, 1), date(2027, 12, 31))
# From the first to the last year that a day may have; the clocks of some went back over midnight.
CENTURY = (date(2000, 1, 1), date(2099, 12, 31))
NAMES = sorted(time_zones())
DISAGREEMENTS = """
    select moment, day, clock from unnest(%(moments)s, %(days)s, %(clocks)s::timestamp[])
        as python (moment, day, clock), clients_timezone zone
    where name = %(name)s and (day_of(since, day_offset, moment) <> day
        or local_time(since, utc_offset, moment) <> clock
        or day_of(name, moment) <> day)
"""


def disagreements(name, moments):
    """Where the database says another day or time than Python."""
    zone = ZoneInfo(name)
    python = {
        "name": name,
        "moments": moments,
        "days": [day_of(moment, zone) for moment in moments],
        "clocks": [moment.astimezone(zone).replace(tzinfo=None) for moment in moments],
    }
    with connection.cursor() as cursor:
        cursor.execute(DISAGREEMENTS, python)
        return cursor.fetchall()


def test_all_zones_have_one_day_about_every_midnight_of_nine_years():
    second = timedelta(seconds=1)
    for name in NAMES:
        zone = ZoneInfo(name)
        starts = [Period(day, day, zone).start for day in Period(*NINE_YEARS, zone).days()]
        moments = [start + n * second for start in starts for n in (-1, 0, 1)]

        assert disagreements(name, moments) == [], name


def test_a_period_holds_exactly_the_rows_whose_day_it_is():
    """In all zones, about every change of the clock in a century: days come one after another."""
    for name in NAMES:
        zone = ZoneInfo(name)
        moments = about_changes(name)

        assert disagreements(name, moments) == [], name
        days = [day_of(moment, zone) for moment in moments]
        assert days == sorted(days), name
        for moment, day in zip(moments, days, strict=True):
            period = Period(day, day, zone)
            assert period.start <= moment < period.end, (name, moment)


def about_changes(name):
    with connection.cursor() as cursor:
        cursor.execute("select since[2:] from clients_timezone where name = %s", [name])
        [(changes,)] = cursor.fetchall()
    hours = [
        timedelta(minutes=minutes) for minutes in (-61, -1, 0, 1, 29, 30, 59, 60, 61, 121, 181)
    ]
    return sorted({at + hour for at in changes for hour in hours if at.year in range(2000, 2100)})
