"""Random scenes: a Client's story up to a moment, and what is asked of the dashboard then."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.random_cases import reference
from tests.support.random_cases.strategies import DISPLAY, Step, rates_to_usd, rows, stories

# Zones and days in them: most are days on which clocks change, which are no 24 hours long.
ZONES_AND_DAYS = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),  # has no midnight
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Havana", date(2026, 11, 1)),  # has two
    ("Asia/Kathmandu", date(2026, 11, 24)),
    ("Pacific/Kiritimati", date(2026, 11, 24)),
]
SCENES = int(os.environ.get("SCENES", "5"))  # of each test; `dev.py test --all` has 40
many_scenes = settings(
    max_examples=SCENES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
some_scenes = settings(many_scenes, max_examples=max(1, SCENES * 5 // 8))


@dataclass(frozen=True)
class Scene:
    zone: ZoneInfo
    now: datetime
    steps: list[Step]
    rows: list[reference.Row]  # that are left
    rates: list[reference.Rate]
    first: date
    last: date
    currency: str
    country: str

    @property
    def address(self):
        return {
            "currency": self.currency,
            "country": self.country,
            "date_from": self.first,
            "date_to": self.last,
        }

    @property
    def today(self):
        return self.now.astimezone(self.zone).date()

    @property
    def days(self):
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]

    @property
    def hers(self):
        return [row for row in self.rows if row.is_hers]

    def rows_that(self, count, first=None, last=None):
        of_days = self.hers_within(first or self.first, last or self.last)
        return [row for row in of_days if count(row) and self.country in ("", row.country)]

    def hers_within(self, first, last):
        return [
            row
            for row in self.hers
            if reference.is_within(reference.day_of(row, self.zone), first, last)
        ]

    def found(self, rows, currency=None):
        return reference.found(
            rows, currency=currency or self.currency, rates=self.rates, zone=self.zone
        )


@st.composite
def scenes(draw):
    zone, day = draw(st.sampled_from(ZONES_AND_DAYS))
    zone, now = ZoneInfo(zone), datetime.combine(day, time(12), UTC)
    today = now.astimezone(zone).date()
    steps, left = draw(stories(rows(zone, today)))
    currency = draw(st.sampled_from(DISPLAY))
    last = today + timedelta(draw(st.sampled_from([0, 0, 0, 1, -1])))
    return Scene(
        zone=zone,
        now=now,
        steps=steps,
        rows=left,
        rates=draw(st.lists(rates_near(today, currency), max_size=8)),
        first=last - timedelta(draw(st.integers(0, 4))),
        last=last,
        currency=currency,
        country=draw(st.sampled_from(["", *sorted({row.country for row in left if row.is_hers})])),
    )


def rates_near(today, currency):
    """So few days that some have no rate, and some have several."""
    days = (st.integers(-12, 1) | st.just(-42)).map(lambda n: today + timedelta(n))
    of = st.sampled_from([currency, currency, "JPY"]).filter("USD".__ne__)
    return st.builds(reference.Rate, of, days, rates_to_usd)
