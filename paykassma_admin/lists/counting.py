"""Totals that nothing keeps, added up from their rows as far as a page may wait for.

docs/adr/0019 says why so.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

MAX_COUNTED_ROWS = 100_000  # rows: a fifth of a second, by day half of one


class RowLimitExceeded(Exception):
    """More than `most` rows were found: their number and their sums are not known."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} rows")
        self.most = most


@dataclass(frozen=True)
class AtLeast:
    """Stands where totals would, and has no sums: those of a part would be taken for the whole."""

    count: int
    is_exact: ClassVar[bool] = False


def bounded_totals(rows: Any, *, by: tuple[str, ...], sums: str) -> list[tuple[Any, ...]]:
    """`by`, the number of rows, and their `sums` in SQL: in any order, in one statement.

    `rows` name the columns, and have the order of an index: without it PostgreSQL reads the table
    from its beginning, past all that is older. It stops one row beyond
    MAX_COUNTED_ROWS. Raises RowLimitExceeded.
    """
    inner, parameters = rows[: MAX_COUNTED_ROWS + 1].query.sql_with_params()
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
    """How many rows were found, where there is nothing to add up."""

    count: int
    is_exact: ClassVar[bool] = True


def bounded_count(rows: Any) -> ExactCount:
    """Of `rows` in the order of an index. Raises RowLimitExceeded."""
    count = rows[: MAX_COUNTED_ROWS + 1].count()
    if count > MAX_COUNTED_ROWS:
        raise RowLimitExceeded(MAX_COUNTED_ROWS)
    return ExactCount(count)
