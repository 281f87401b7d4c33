"""The day of a row in a list, so that the database need not walk over all rows before it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from transactions.query.sorting import Sort
from transactions.totals.group import Group
from transactions.totals.protocol import SelectionProtocol
from transactions.totals.queries import counts_by_day


def find_day(
    selection: SelectionProtocol, offset: int, groups: Iterable[Group]
) -> tuple[date, int]:
    """Return the day of the row at `offset`, and the number of rows on the days before it.

    "Before" in the order of the selection: newer days, or older ones.

    `groups` count all rows of the selection, by day or under the first day of each month. Raise
    LookupError where there is no such row.
    """
    counts = add_counts(groups)
    is_newest_first = selection.sort != Sort.OLDEST
    begin, before = locate_offset(offset, sorted(counts.items(), reverse=is_newest_first))
    next_begin = min((day for day in counts if day > begin), default=None)
    end = next_begin - timedelta(days=1) if next_begin else selection.period.last
    if begin == end:
        return begin, before
    first = max(begin, selection.period.first or begin)
    of_days = counts_by_day(selection.select_days(first, end))
    day, before_there = locate_offset(offset - before, of_days)
    return day, before + before_there


def add_counts(groups: Iterable[Group]) -> Counter[date]:
    counts: Counter[date] = Counter()
    for group in groups:
        for day, count in zip(group.days, group.counts, strict=True):
            counts[day] += count
    return counts


def locate_offset(offset: int, counts: Iterable[tuple[date, int]]) -> tuple[date, int]:
    """Return the day with the row at `offset`, and the number of rows before that day's."""
    before = 0
    for day, count in counts:
        if before + count > offset:
            return day, before
        before += count
    raise LookupError(offset)
