"""Points of a chart along its time axis: hours, days, or weeks and months cut to the period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from paykassma_admin import formats
from paykassma_admin.periods import Period
from paykassma_admin.values.money import exact_context

DAY = timedelta(days=1)
MOST_DAYS_BY_HOUR = 2
MOST_DAYS_BY_DAY = 45
MOST_DAYS_BY_WEEK = 200


class Step(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"  # from Monday on
    MONTH = "month"


def automatic_step(days: int) -> Step:
    if days <= MOST_DAYS_BY_HOUR:
        return Step.HOUR
    if days <= MOST_DAYS_BY_DAY:
        return Step.DAY
    return Step.WEEK if days <= MOST_DAYS_BY_WEEK else Step.MONTH


def beginning(day: date, step: Step) -> date:
    if step is Step.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step is Step.MONTH else day


def following(begin: date, step: Step) -> date:
    if step is Step.MONTH:
        return (begin.replace(day=1) + timedelta(days=31)).replace(day=1)
    return begin + (timedelta(days=7) if step is Step.WEEK else DAY)


@dataclass(frozen=True)
class Axis:
    step: Step
    slots: list[date]  # the first day of each in the period; hours are datetimes
    last: date  # day
    first_unfinished: int  # place of the first slot that is not over; their number if all are
    events: Mapping[date, list[str]] = field(default_factory=dict)  # in words, by slot

    @classmethod
    def from_days(cls, period: Period, step: Step, today: date) -> Axis:
        days = period.days()
        first, last = days[0], days[-1]
        slots = [day for day in days if day == first or beginning(day, step) == day]
        over = sum(end < today for end in slot_ends(slots, last))
        return cls(step, slots, last, over)

    @property
    def is_coarse(self) -> bool:
        return self.step in (Step.WEEK, Step.MONTH)

    @property
    def ends(self) -> list[date]:
        return slot_ends(self.slots, self.last) if self.is_coarse else self.slots

    def spans(self) -> Iterator[tuple[date, date]]:
        return zip(self.slots, self.ends, strict=True)

    @cached_property
    def _begins(self) -> dict[date, date]:
        return {
            first + DAY * n: first
            for first, last in self.spans()
            for n in range((last - first).days + 1)
        }

    def slot_of(self, day: date) -> date:
        return self._begins[day] if self.is_coarse else day

    def add_events(self, events: Mapping[date, list[str]]) -> Axis:
        return replace(self, events=events)

    @property
    def event_places(self) -> list[int]:
        return [place for place, slot in enumerate(self.slots) if slot in self.events]

    def gather[N: (int, Decimal)](self, by_day: Mapping[date, N]) -> Mapping[date, N]:
        """Add up what is known by day, or by hour, by slot."""
        if not self.is_coarse:
            return by_day
        sums: dict[date, N] = {}
        with exact_context():
            for day, value in by_day.items():
                begin = self.slot_of(day)
                sums[begin] = sums[begin] + value if begin in sums else value
        return sums

    @cached_property
    def titles(self) -> list[str]:
        if not self.is_coarse:
            return list(map(formats.slot, self.slots))
        return [self._title(first, last) for first, last in self.spans()]

    def _title(self, first: date, last: date) -> str:
        if self.step is Step.MONTH and not self._is_cut(first, last):
            return formats.month(first)
        return formats.first_and_last(first, last)

    def _is_cut(self, first: date, last: date) -> bool:
        """Return whether the period holds a part only of the week or month."""
        if not self.is_coarse:
            return False
        begin = beginning(first, self.step)
        return first != begin or last + DAY != following(begin, self.step)

    @cached_property
    def notes(self) -> list[str]:
        """Return whether each slot is over, whether it is cut, and its events; "" if none."""
        notes = []
        for place, (first, last) in enumerate(self.spans()):
            parts = [self.unfinished_in_words] * (place >= self.first_unfinished)
            parts += [self._cut_in_words] * self._is_cut(first, last)
            parts += self.events.get(first, [])
            notes.append(", ".join(parts))
        return notes

    @property
    def unfinished_in_words(self) -> str:
        """Return "unfinished" alone: until when is not known, imports bring rows of later today."""
        return pgettext("week", "unfinished") if self.step is Step.WEEK else _("unfinished")

    @property
    def _cut_in_words(self) -> str:
        return _("part of a week") if self.step is Step.WEEK else _("part of a month")

    @property
    def labels(self) -> list[str]:
        """Return ISO days, or hours."""
        if self.step is Step.HOUR:
            return [f"{slot:%Y-%m-%dT%H:%M}" for slot in self.slots]
        return [str(slot) for slot in self.slots]


def slot_ends(slots: list[date], last: date) -> list[date]:
    return [*(begin - DAY for begin in slots[1:]), last]
