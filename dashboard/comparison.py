"""A card's figure beside what it was in the period before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from paykassma_admin import formats
from paykassma_admin.lists.counting import RowLimitExceeded
from paykassma_admin.lists.fields import FIRST_DAY
from paykassma_admin.periods import Period, local_day
from paykassma_admin.values.money import exact_context
from transactions.selection import Selection
from transactions.totals.result import Total

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Before:
    """The transactions of the period before, and their total."""

    selection: Selection
    total: Total
    has_whole_days: bool = False  # although today is not over: its rows are too many to be read

    @property
    def not_converted(self) -> Selection:
        return self.selection.not_converted()

    @cached_property
    def period_in_words(self) -> str:
        days = formats.days(self.selection.period, self.selection.until)
        return _("%(days)s, whole days") % {"days": days} if self.has_whole_days else days


@dataclass(frozen=True)
class Change:
    before: Before
    now: Decimal | None
    was: Decimal | None
    currency: str  # of a sum; "" of a count
    is_partial: bool = False  # a part of either sum is not known

    @property
    def has_nothing_before(self) -> bool:
        return not self.before.total.count

    @property
    def unconverted(self) -> int:
        return self.before.total.unconverted if self.currency else 0

    @property
    def percent(self) -> str:
        """Return "" where there is nothing to compare: no rows, zero, or a sum not known whole."""
        if self.now is None or not self.was or self.is_partial:
            return ""
        with exact_context():
            return formats.change(self.now / self.was - 1)


def change_of_sum(total: Total, before: Before | None) -> Change | None:
    if before is None:
        return None
    was = before.total
    is_partial = bool(total.unconverted or was.unconverted)
    return Change(before, total.known_amount, was.known_amount, total.currency, is_partial)


def change_of_count(total: Total, before: Before | None) -> Change | None:
    if before is None:
        return None
    return Change(before, Decimal(total.count), Decimal(before.total.count), "")


def find_before(selection: Selection) -> Before | None:
    """Add up the same days before; None where there are none, or none of the period is over."""
    earlier = select_before(selection, timezone.now())
    if earlier is None:
        return None
    try:
        return Before(earlier, earlier.period_totals().total())
    except RowLimitExceeded:
        days = earlier.replace(until=None)
        return Before(days, days.period_totals().total(), has_whole_days=True)


def select_before(selection: Selection, now: datetime) -> Selection | None:
    """Return as many days right before; to the same minute, where the period holds today."""
    period = selection.period
    if period.first is None or period.last is None:
        raise ValueError("a period without a bound has none before it")
    length = period.last - period.first + DAY
    today = local_day(now, period.zone)
    if period.first > today or period.first - length < FIRST_DAY:
        return None
    if period.last < today:
        return selection.select_days(period.first - length, period.first - DAY)
    until = datetime.combine(today - length, minute_of_day(now, period))
    return selection.select_days(period.first - length, until.date()).replace(until=until)


def minute_of_day(now: datetime, period: Period) -> time:
    """Return the time of the clock; 0:00 where it goes back over a midnight that has been."""
    local = now.astimezone(period.zone)
    is_today = local.date() == local_day(now, period.zone)
    return time(local.hour, local.minute) if is_today else time.min
