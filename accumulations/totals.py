from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import starmap
from typing import ClassVar

from accumulations.models import AccumulationQuerySet
from paykassma_admin.lists.counting import bounded_totals


@dataclass(frozen=True)
class CurrencySum:
    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class AccumulationTotals:
    sums: tuple[CurrencySum, ...]
    is_exact: ClassVar[bool] = True

    @classmethod
    def from_rows(cls, rows: AccumulationQuerySet) -> AccumulationTotals:
        """Raise RowLimitExceeded."""
        amounts = rows.values_list("currency", "amount")
        sums = bounded_totals(amounts, by=("currency",), sums="sum(amount)")
        return cls(tuple(starmap(CurrencySum, sorted(sums))))

    @property
    def count(self) -> int:
        return sum(each.count for each in self.sums)
