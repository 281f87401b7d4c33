"""On which day a row of a list lies: the database would walk over all rows before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from transactions.totals.groups import counts_by_day

if TYPE_CHECKING:
    from transactions.selection import Selection
    from transactions.totals.group import Group


def day_at(selection: Selection, offset: int, groups: Iterable[Group]) -> tuple[date, int]:
    """The day that the row at `offset` is of, newest first; and how many rows are newer days'.

    `groups` are of all rows of the selection, whose days are days or begin some: those of months.
    Raises LookupError where there is no such row.
    """
    counts = counts_of(groups)
    begin, newer = day_holding(offset, sorted(counts.items(), reverse=True))
    next_begin = min((day for day in counts if day > begin), default=None)
    end = next_begin - timedelta(days=1) if next_begin else selection.period.last
    if begin == end:
        return begin, newer
    first = max(begin, selection.period.first or begin)
    of_days = counts_by_day(selection.on_days(first, end))
    day, newer_there = day_holding(offset - newer, of_days)
    return day, newer + newer_there


def counts_of(groups: Iterable[Group]) -> Counter[date]:
    counts: Counter[date] = Counter()
    for group in groups:
        for day, count in zip(group.days, group.counts, strict=True):
            counts[day] += count
    return counts


def day_holding(offset: int, counts: Iterable[tuple[date, int]]) -> tuple[date, int]:
    """The day with the row at `offset`, and how many rows come before its own."""
    newer = 0
    for day, count in counts:
        if newer + count > offset:
            return day, newer
        newer += count
    raise LookupError(offset)
