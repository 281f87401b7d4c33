from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property


@dataclass(slots=True)
class Group:
    """Sums by day of one payment system, currency and direction, as lists of the same length.

    A day may stand in several entries, whose sums are to be added. Arrays make it fast: one row of
    the database holds a whole year, and a row for each day takes three times as long.
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
    kind: str = ""  # a Kind, where sums are told apart by it

    @classmethod
    def from_row(
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
        """Read arrays as PostgreSQL writes them; None where they were not selected."""
        key = (payment_system, currency, direction, is_converted)
        written = LazyNumbers(amounts, Decimal), LazyNumbers(amounts_usd, Decimal)
        return cls(*key, int(count), days, LazyNumbers(counts, int), *written)

    def select_days(self, first: date, last: date) -> Group:
        places = [place for place, day in enumerate(self.days) if first <= day <= last]
        counts = pick(self.counts, places)
        return replace(
            self,
            count=sum(counts),
            days=[self.days[place] for place in places],
            counts=counts,
            amounts=pick(self.amounts, places),
            amounts_usd=pick(self.amounts_usd, places),
        )


def pick[N](numbers: Iterable[N], places: list[int]) -> Iterable[N]:
    if isinstance(numbers, LazyNumbers) and not numbers.is_fetched:
        return numbers
    all_numbers = [*numbers]
    return [all_numbers[place] for place in places]


class LazyNumbers[N]:
    """Numbers of a PostgreSQL array, parsed on first use.

    Usually only sums in USD are used, and psycopg takes twice as long to make the Decimals.
    """

    def __init__(self, array: str | None, number: Callable[[str], N]) -> None:
        self._array = array
        self._number = number

    def __iter__(self) -> Iterator[N]:
        return iter(self._numbers)

    @property
    def is_fetched(self) -> bool:
        return self._array is not None

    @cached_property
    def _numbers(self) -> list[N]:
        if self._array is None:
            raise LookupError("these were not fetched")
        return [*map(self._number, self._array[1:-1].split(","))]
