"""The shape of what groups.py gathers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property


@dataclass(slots=True)
class Group:
    """What the transactions of one payment system, currency and direction come to, day by day.

    The lists belong together, entry by entry; a day may have several. So a year of forty payment
    systems is fetched as forty rows: as thousands it takes three times as long.
    """

    payment_system: str
    currency: str
    direction: str
    is_converted: bool  # whether they have a rate to USD
    count: int
    days: list[date]
    counts: Iterable[int]
    amounts: Iterable[Decimal]
    amounts_usd: Iterable[Decimal]  # 0 where they have none
    ids: list[list[int]] = field(
        default_factory=list
    )  # of rows that were read; SEEK_FROM_OFFSET a day at most

    @classmethod
    def read(
        cls,
        payment_system: str,
        currency: str,
        direction: str,
        is_converted: bool,  # a row of the database
        count: Decimal,
        days: list[date],
        amounts: str | None,
        amounts_usd: str,
        counts: str,
    ) -> Group:
        """Of arrays as the database has written them; None where they were not asked for."""
        key = (payment_system, currency, direction, is_converted)
        written = Written(amounts, Decimal), Written(amounts_usd, Decimal)
        return cls(*key, int(count), days, Written(counts, int), *written)


class Written[N]:
    """Numbers as PostgreSQL writes an array of them, read when somebody asks.

    Mostly nobody asks what arrived, but what it is worth; and psycopg takes twice as long to make
    Decimals of an array.
    """

    def __init__(self, array: str | None, number: Callable[[str], N]) -> None:
        self._array = array
        self._number = number

    def __iter__(self) -> Iterator[N]:
        return iter(self._numbers)

    @cached_property
    def _numbers(self) -> list[N]:
        if self._array is None:
            raise LookupError("these were not fetched")
        return [*map(self._number, self._array[1:-1].split(","))]
