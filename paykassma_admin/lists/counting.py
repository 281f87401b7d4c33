"""Bounded counts and sums of rows that have no precomputed totals; docs/adr/0019 says why."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.db import connection

from paykassma_admin.database.statements import select_sql

MAX_COUNTED_ROWS = 100_000  # rows: a fifth of a second, by day half of one


class RowLimitExceeded(Exception):
    """More than `most` rows match: their number and sums are unknown."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} rows")
        self.most = most


class RowCount(Protocol):
    @property
    def count(self) -> int: ...
    @property
    def is_exact(self) -> bool: ...  # otherwise there are more


@dataclass(frozen=True)
class AtLeast:
    """A lower bound in place of totals, without sums: those of a part would mislead."""

    count: int
    is_exact: ClassVar[bool] = False


def bounded_totals(rows: Any, *, by: tuple[str, ...], sums: str) -> list[tuple[Any, ...]]:
    """Return `by`, the number of rows, and their `sums` in SQL, in any order, by one statement.

    `rows` name the columns and have the order of an index: otherwise PostgreSQL reads the whole
    table. Raise RowLimitExceeded beyond MAX_COUNTED_ROWS.
    """
    inner, parameters = select_sql(rows[: MAX_COUNTED_ROWS + 1])
    keys = ", ".join(by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {keys}, count(*), {sums} from ({inner}) found group by {keys}",  # noqa: S608  # our own names
            parameters,
        )
        totals: list[tuple[Any, ...]] = cursor.fetchall()
    if sum(total[len(by)] for total in totals) > MAX_COUNTED_ROWS:
        raise RowLimitExceeded(MAX_COUNTED_ROWS)
    return totals


@dataclass(frozen=True)
class ExactCount:
    count: int
    is_exact: ClassVar[bool] = True


def bounded_count(rows: Any) -> ExactCount:
    """Count `rows`, which are in the order of an index. Raise RowLimitExceeded."""
    count = rows[: MAX_COUNTED_ROWS + 1].count()
    if count > MAX_COUNTED_ROWS:
        raise RowLimitExceeded(MAX_COUNTED_ROWS)
    return ExactCount(count)
