"""Days and minutes of a query: `logged:today`, `logged:<2026-11-24T14:00`, `formed:7d`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from paykassma_admin import formats
from paykassma_admin.lists import fields as form_fields
from paykassma_admin.lists.query.choices import ChoiceWords, in_each_language
from paykassma_admin.lists.query.fields import Comparisons, Parameters
from paykassma_admin.lists.query.grammar import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EQUAL,
    RANGE,
    Comparison,
    Term,
)
from paykassma_admin.lists.query.ranges import RangeField, between, inclusive_bounds
from paykassma_admin.periods import clock_moment, clock_moments, midnight, today

DAY = timedelta(days=1)
MINUTE, MILLISECOND = timedelta(minutes=1), timedelta(milliseconds=1)
EVER = "all"
DAY_LENGTH = len("2026-11-24")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(.*)", re.DOTALL)
LAST_DAYS = re.compile(r"([1-9][0-9]{0,2})(\D)")
TODAY = pgettext_lazy("query", "today")
YESTERDAY = pgettext_lazy("query", "yesterday")
DAYS = pgettext_lazy("query", "d")  # as in 7d, the last seven days
ALL_DAYS = pgettext_lazy("query", "all")

type Bounds = dict[str, datetime]  # by their lookups


@dataclass(frozen=True, kw_only=True)
class DayField(RangeField):
    """Days of the Client's clock, and, if the list has `until`, minutes of it."""

    is_of_days: ClassVar[bool] = True
    until: str = ""  # a parameter: before this minute

    @property
    def clock_field(self) -> type[form_fields.MinuteField] | None:
        return form_fields.MinuteField if self.until else None

    @cached_property
    def words_for(self) -> dict[str, str]:
        known = {"today": TODAY, "yesterday": YESTERDAY, EVER: ALL_DAYS}
        return {
            word.casefold(): name
            for name, words in known.items()
            for word in (name, *in_each_language(words))
        }

    @cached_property
    def units(self) -> set[str]:
        return {*in_each_language(DAYS)}

    def read(self, comparison: Comparison, choices: ChoiceWords) -> Comparison:
        now = today(choices.request.client.zone)
        ago = LAST_DAYS.fullmatch(comparison.value)
        if comparison.operator == EQUAL and ago and ago[2].lower() in self.units:
            first = now - (int(ago[1]) - 1) * DAY
            return between(str(first), str(now))
        if comparison.operator == EQUAL and self.name_of(comparison.value) == EVER:
            return Comparison(EQUAL, EVER)
        value, end = (self.name_day(each, now) for each in (comparison.value, comparison.end))
        return super().read(Comparison(comparison.operator, value, end), choices)

    def name_of(self, text: str) -> str:
        return self.words_for.get(text.casefold(), "")

    def name_day(self, text: str, now: date) -> str:
        """Return the day that a word means, and a day with dots as it is written else."""
        name = self.name_of(text)
        if name in ("today", "yesterday"):
            return str(now if name == "today" else now - DAY)
        if dotted := DOTTED.fullmatch(text):
            day, month, year, rest = dotted.groups()
            return f"{year}-{month:0>2}-{day:0>2}{rest}"
        return text

    def parse(self, text: str) -> date:
        own: Any = (self.clock_field if "T" in text else None) or form_fields.DayField
        found: date = own().clean(text)
        return found

    def check_order(self, first: Any, last: Any) -> None:
        super().check_order(str(first), str(last))

    def write(self, value: date) -> str:
        if isinstance(value, datetime):
            return value.isoformat(timespec="minutes" if is_minute(value) else "milliseconds")
        return str(value)

    def canonical(self, comparison: Comparison) -> Comparison:
        step = {ABOVE: DAY, BELOW: -DAY}.get(comparison.operator)
        if not step or "T" in comparison.value:
            return comparison
        day = str(date.fromisoformat(comparison.value) + step)
        self.clean(day)
        return Comparison(AT_LEAST if step > timedelta() else AT_MOST, day)

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        if len(comparisons) > 1 or not self.bounds:
            return None
        [only], open_days = comparisons, {name: [""] for name in self.bounds}
        if only.value == EVER:
            return open_days
        if "T" in only.value + only.end:
            is_cut = only.operator == BELOW and self.until
            return {self.until: [only.value]} | open_days if is_cut else None
        return {n: [b] for n, b in zip(self.bounds, inclusive_bounds(only), strict=True)}

    def envelope(self, term: Term) -> Parameters:
        """Return the days from the first to the last of a term; all, where it leaves some out."""
        has_all = term.is_negated or EVER in {each.value for each in term.comparisons}
        ends = [("", "") if has_all else inclusive_bounds(each) for each in term.comparisons]
        firsts, lasts = zip(*ends, strict=True)
        first = "" if "" in firsts else min(firsts)[:DAY_LENGTH]
        last = "" if "" in lasts else max(lasts)[:DAY_LENGTH]
        return dict(zip(self.bounds or (), ([first], [last]), strict=True))

    def comparisons(self, data: QueryDict, choices: ChoiceWords) -> Iterator[Comparisons]:
        if self.bounds and set(self.bounds) & data.keys() and not any(map(data.get, self.bounds)):
            yield (Comparison(EQUAL, EVER),)
        yield from super().comparisons(data, choices)
        if self.until and data.get(self.until):
            yield (Comparison(BELOW, str(data[self.until])),)

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        if comparison.value == EVER:
            return ~Q(pk__in=[])
        return reduce(or_, map(self.within, self.spans(comparison, zone)))

    def within(self, bounds: Bounds) -> Q:
        return Q(**lookups(self.column, bounds))

    def spans(self, comparison: Comparison, zone: ZoneInfo) -> list[Bounds]:
        """Return one, or two of a minute that the clock shows twice."""
        value = self.parse(comparison.value)
        if comparison.operator == EQUAL and isinstance(value, datetime):
            twice = clock_moments(value, zone)
            if len(twice) > 1:
                return [{"gte": at, "lt": at + precision(value)} for at in twice]
        return [self.moments(comparison, zone)]

    def moments(self, comparison: Comparison, zone: ZoneInfo) -> Bounds:
        value, operator = self.parse(comparison.value), comparison.operator
        last = self.parse(comparison.end) if operator == RANGE else value
        bounds: Bounds = {}
        if operator in (EQUAL, RANGE, AT_LEAST, ABOVE):
            bounds["gte"] = end_of(value, zone) if operator == ABOVE else start_of(value, zone)
        if operator in (EQUAL, RANGE, AT_MOST, BELOW):
            bounds["lt"] = start_of(value, zone) if operator == BELOW else end_of(last, zone)
        return bounds

    def words(self, comparison: Comparison, choices: ChoiceWords) -> str:
        return str(ALL_DAYS) if comparison.value == EVER else super().words(comparison, choices)

    def show(self, value: str) -> str:
        day, _t, clock = value.partition("T")
        return f"{formats.day(date.fromisoformat(day))} {clock}".strip()

    def values(self, choices: ChoiceWords) -> list[tuple[str, str]]:
        return [("today", str(TODAY)), ("yesterday", str(YESTERDAY)), (EVER, str(ALL_DAYS))]

    def value_names(self, choices: ChoiceWords) -> dict[str, str]:
        return self.words_for


def lookups(column: str, bounds: Bounds) -> Bounds:
    return {f"{column}__{lookup}": at for lookup, at in bounds.items()}


def start_of(value: date, zone: ZoneInfo) -> datetime:
    return clock_moment(value, zone) if isinstance(value, datetime) else midnight(value, zone)


def end_of(value: date, zone: ZoneInfo) -> datetime:
    """Return the end of a day, or of the last time that the clock shows a minute."""
    shown = clock_moments(value, zone) if isinstance(value, datetime) else []
    return shown[-1] + precision(value) if shown else start_of(value + precision(value), zone)


def precision(value: date) -> timedelta:
    if not isinstance(value, datetime):
        return DAY
    return MINUTE if is_minute(value) else MILLISECOND


def is_minute(value: datetime) -> bool:
    return not (value.second or value.microsecond)
