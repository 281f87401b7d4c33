"""The groups of a search: each with its newest rows, its count and its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise

from accumulations.models import AccumulationQuerySet
from accumulations.tables import AccumulationTable
from paykassma_admin.lists.tables import PagedTable
from paykassma_admin.periods import Period, today
from transactions.rows import transaction_rows
from transactions.selection import Selection
from transactions.tables import TransactionTable

MAX_COUNTED = 100
SHOWN_ROWS = 5


@dataclass(frozen=True)
class Group:
    title: str | Promise
    table: PagedTable  # of its newest rows
    count: int
    is_exact: bool  # otherwise there are more
    older: int  # of the counted: those before the days that a list shows by itself
    address: str  # of the list of all its rows
    row: str | None = None  # address of the only row, if it has a whole identifier

    @property
    def recent(self) -> int:
        """Return how many are of a list's own days: of all, if one of the counted is older."""
        return self.count - self.older

    @property
    def has_more(self) -> bool:
        return self.count > SHOWN_ROWS


def transaction_group(
    title: str | Promise, selection: Selection, *, is_whole: bool = False
) -> Group | None:
    rows = transaction_rows(selection.rows().newest_first()[: MAX_COUNTED + 1])
    if not rows:
        return None
    table = TransactionTable(rows[:SHOWN_ROWS])
    table.query = selection.query()
    row = reverse("transactions:detail", args=[rows[0].pk])
    return Group(
        title,
        table,
        *counts(rows, "logged_at", selection.period.zone),
        selection.address,
        row if is_whole and len(rows) == 1 else None,
    )


def accumulation_group(
    title: str | Promise,
    found: AccumulationQuerySet,
    address: str,
    zone: ZoneInfo,
    *,
    is_whole: bool,
) -> Group | None:
    rows = list(found.newest_first()[: MAX_COUNTED + 1])
    if not rows:
        return None
    table = AccumulationTable(rows[:SHOWN_ROWS])
    row = address if is_whole and len(rows) == 1 else None
    return Group(title, table, *counts(rows, "formed_at", zone), address, row)


def counts(rows: Sequence[Any], moment: str, zone: ZoneInfo) -> tuple[int, bool, int]:
    """Return how many are known, whether these are all, and how many of them are older."""
    start = Period.week_before(today(zone), zone).start
    known = rows[:MAX_COUNTED]
    older = sum(start is not None and getattr(row, moment) < start for row in known)
    return len(known), len(rows) <= MAX_COUNTED, older
