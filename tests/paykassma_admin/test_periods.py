from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from paykassma_admin.periods import Period, midnight, today

KOLKATA = ZoneInfo("Asia/Kolkata")


def at(text):
    return datetime.fromisoformat(text)


def of_day(day, zone):
    return Period(date.fromisoformat(day), date.fromisoformat(day), ZoneInfo(zone))


def test_a_period_goes_from_its_first_midnight_to_the_one_after_its_last_day():
    period = Period(date(2026, 11, 17), date(2026, 11, 24), KOLKATA)

    assert period.start == at("2026-11-16 18:30+00:00")
    assert period.end == at("2026-11-24 18:30+00:00")


def test_periods_follow_each_other_without_gap_or_overlap():
    november = Period(date(2026, 11, 1), date(2026, 11, 30), KOLKATA)
    december = Period(date(2026, 12, 1), date(2026, 12, 31), KOLKATA)

    assert november.end == december.start


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Asia/Kathmandu", "2026-11-24", "2026-11-23 18:15+00:00", 24),
        ("America/New_York", "2026-03-08", "2026-03-08 05:00+00:00", 23),
        ("America/New_York", "2026-11-01", "2026-11-01 04:00+00:00", 25),
        # Clocks go from 00:00 to 01:00: the day begins with the skip.
        ("Africa/Cairo", "2026-04-24", "2026-04-23 22:00+00:00", 23),
        ("America/Havana", "2026-03-08", "2026-03-08 05:00+00:00", 23),
        # Clocks go back over midnight: the day before lasts until the second one.
        ("Africa/Cairo", "2026-10-29", "2026-10-28 21:00+00:00", 25),
        # Clocks go back onto midnight: the day begins with the first one.
        ("America/Havana", "2024-11-03", "2024-11-03 04:00+00:00", 25),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone, day, start, hours):
    period = of_day(day, zone)

    assert period.start == at(start)
    assert period.end - period.start == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Havana", "Asia/Kolkata"])
def test_a_day_holds_exactly_the_moments_whose_local_date_it_is(zone):
    clock = ZoneInfo(zone)
    moments = [at("2026-01-01 00:00+00:00") + timedelta(minutes=15 * n) for n in range(365 * 96)]

    wrong = [
        moment
        for moment in moments
        if not (
            midnight(day := moment.astimezone(clock).date(), clock)
            <= moment
            < midnight(day + timedelta(days=1), clock)
        )
    ]

    assert wrong == []


def test_a_bound_that_is_absent_is_none():
    everything = Period(None, None, KOLKATA)

    assert (everything.start, everything.end) == (None, None)


def test_the_days_of_a_period_are_both_its_ends_and_all_between():
    days = Period(date(2026, 10, 24), date(2026, 10, 26), ZoneInfo("Europe/Berlin")).days()

    assert [day.isoformat() for day in days] == ["2026-10-24", "2026-10-25", "2026-10-26"]


def test_a_period_without_a_bound_has_no_list_of_days():
    with pytest.raises(ValueError, match="without a bound"):
        Period(None, date(2026, 11, 24), KOLKATA).days()


def test_a_week_before_today_to_today_is_eight_days():
    week = Period.week_before(date(2026, 11, 24), KOLKATA)

    assert (week.first, week.last) == (date(2026, 11, 17), date(2026, 11, 24))
    assert len(week.days()) == 8


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Kolkata", 25), ("Europe/Moscow", 24), ("America/New_York", 24)]
)
def test_today_is_the_day_of_the_zone(zone, day):
    with time_machine.travel(datetime(2026, 11, 24, 20, tzinfo=UTC)):
        assert today(ZoneInfo(zone)) == date(2026, 11, day)
