"""On which day a row of a list lies: the database would walk over all rows before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from transactions.groups import RowsOfDays, counts, counts_by_day

if TYPE_CHECKING:
    from transactions.selection import Selection


def day_at(selection: Selection, offset: int) -> tuple[date, int]:
    """The day that the row at `offset` is of, newest first; and how many rows are newer days'.

    Raises LookupError where there is no such row.
    """
    first, last, newer = days_holding(offset, counts(selection))
    if first == last:
        return last, newer
    of_month = counts_by_day(selection.on_days(first, last))
    day, _day, newer_in_month = days_holding(offset - newer, of_month)
    return day, newer + newer_in_month


def days_holding(offset: int, row_counts: Iterable[RowsOfDays]) -> tuple[date, date, int]:
    """The days that hold the row at `offset`, and how many rows come before theirs."""
    newer = 0
    for first, last, count in row_counts:
        if newer + count > offset:
            return first, last, newer
        newer += count
    raise LookupError(offset)
