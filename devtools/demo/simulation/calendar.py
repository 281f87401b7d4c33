from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from random import Random

from devtools.demo.simulation.market import INDIA, System

DAYS = 90

# How busy the hours of a day are, from midnight on.
WORKDAY = (3, 2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 10, 9, 8, 8, 9, 11, 14, 17, 19, 20, 14, 7)
DAY_OFF = (7, 4, 2, 1, 1, 1, 1, 3, 6, 9, 12, 14, 15, 15, 15, 15, 15, 16, 18, 21, 23, 23, 18, 11)

PAY_DAYS = {1: 1.7, 2: 1.35, 10: 1.3}  # of a month
FESTIVAL, FESTIVAL_DAYS_AGO = INDIA, {18: 1.7, 17: 2.6, 16: 1.9}
GROWTH = 0.3  # from the first day to the last

# On that afternoon payments by it fail and are tried again, then nobody tries, until late.
FAILED, FAILED_DAYS_AGO, TRIES = "paytm", 5, 4
FAILED_HOURS, SILENT_HOURS = range(13, 22), range(16, 22)

SWITCHED_OFF_DAYS_AGO = 3


@dataclass(frozen=True)
class Calendar:
    now: datetime

    def moments(
        self, systems: list[System], count: int, random: Random
    ) -> list[tuple[datetime, System]]:
        """Return moments of `count` payments, one after the other, none of them in the future."""
        hours = (self.now - timedelta(hours=ago) for ago in range(1, DAYS * 24 + 1))
        places = [(hour, system) for hour in hours for system in systems]
        busyness = [self.busyness(system, hour + timedelta(minutes=30)) for hour, system in places]
        drawn = random.choices(places, busyness, k=count)
        moments = [(hour + timedelta(seconds=random.randrange(3600)), at) for hour, at in drawn]
        return sorted(moments, key=itemgetter(0))

    def busyness(self, system: System, at: datetime) -> float:
        there, days_ago = self.local_time_at(system, at)
        fails = self.fails(system, at)
        if fails and there.hour in SILENT_HOURS:
            return 0
        if not system.is_active and days_ago < SWITCHED_OFF_DAYS_AGO:
            return 0
        hours = DAY_OFF if there.weekday() in system.country.days_off else WORKDAY
        busy = system.share * hours[there.hour] * PAY_DAYS.get(there.day, 1)
        if system.country == FESTIVAL:
            busy *= FESTIVAL_DAYS_AGO.get(days_ago, 1)
        if fails:
            busy *= TRIES
        return busy * (1 - GROWTH * days_ago / DAYS)

    def fails(self, system: System, at: datetime) -> bool:
        if system.code != FAILED:
            return False
        there, days_ago = self.local_time_at(system, at)
        return days_ago == FAILED_DAYS_AGO and there.hour in FAILED_HOURS

    def local_time_at(self, system: System, at: datetime) -> tuple[datetime, int]:
        there = at.astimezone(system.country.zone)
        return there, (self.now.astimezone(system.country.zone).date() - there.date()).days
