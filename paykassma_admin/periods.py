import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

WEEK = timedelta(days=7)
QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
# As a day is written, in addresses and in files. Python reads more: 2026-1-1, 20260101, 2026-W01-4.
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included; None is no bound."""

    first: date | None
    last: date | None
    zone: ZoneInfo

    @classmethod
    def week_before(cls, today: date, zone: ZoneInfo) -> "Period":
        """Return the week before today, and today: eight days."""
        return cls(today - WEEK, today, zone)

    @property
    def start(self) -> datetime | None:
        return None if self.first is None else midnight(self.first, self.zone)

    @property
    def end(self) -> datetime | None:
        return None if self.last is None else midnight(self.last + timedelta(days=1), self.zone)

    @property
    def is_unbounded(self) -> bool:
        return self.first is None and self.last is None

    def covers(self, other: "Period") -> bool:
        """Return whether each day of `other`, which has bounds, lies in this period."""
        return (self.first or date.min) <= (other.first or date.min) and (
            other.last or date.max
        ) <= (self.last or date.max)

    def days(self) -> list[date]:
        if self.first is None or self.last is None:
            raise ValueError("a period without a bound has no list of days")
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def hours(self) -> list[datetime]:
        """Return every hour on the clocks of those days; one that they show twice is one."""
        return [
            datetime.combine(day, time(hour))
            for day in self.days()
            for hour in clock_hours(day, self.zone)
        ]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment when `day` begins; where clocks skip midnight, the moment of the skip."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def clock_moment(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment at which the clock shows `at`, or more where it skips it."""
    moment = min(at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    while moment.astimezone(zone).replace(tzinfo=None) < at:
        moment += MINUTE
    return moment


def clock_moments(at: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the moments at which the clock shows `at`: two where it goes back, none in a gap."""
    folds = {at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(each for each in folds if each.astimezone(zone).replace(tzinfo=None) == at)


def calendar_day(slot: date) -> date:
    return slot.date() if isinstance(slot, datetime) else slot


def clock_hours(day: date, zone: ZoneInfo) -> list[int]:
    """Return the hours of a day, by its clock every quarter of an hour and at its end."""
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    looks = [start + QUARTER * n for n in range((end - start) // QUARTER + 1)]
    looks = [*(at for at in looks if at < end), end - timedelta.resolution]
    return sorted({at.astimezone(zone).hour for at in looks if at >= start})


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on the clock; a day ends once, also where a clock goes back over midnight."""
    day = moment.astimezone(zone).date()
    following = day + timedelta(days=1)
    return following if midnight(following, zone) <= moment else day


def last_day(end: datetime, zone: ZoneInfo) -> date:
    """Return the day of the last moment before `end`."""
    return local_day(end - timedelta.resolution, zone)


def today(zone: ZoneInfo) -> date:
    return local_day(timezone.now(), zone)


def end_of_tomorrow(zone: ZoneInfo) -> datetime:
    """Return the first moment that must be in the future, however wrong a clock or a zone is."""
    return midnight(today(zone) + timedelta(days=2), zone)
