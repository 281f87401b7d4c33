from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from accumulations.models import AccumulationQuerySet


@dataclass(frozen=True)
class CurrencySum:
    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class AccumulationTotals:
    """How many accumulations there are, and their sums by currency."""

    sums: tuple[CurrencySum, ...]

    @classmethod
    def of(cls, rows: AccumulationQuerySet) -> AccumulationTotals:
        sums = (
            rows.order_by()
            .values_list("currency")
            .annotate(counted=Count("pk"), summed=Sum("amount"))
        )
        return cls(tuple(CurrencySum(*values) for values in sums.order_by("currency")))

    @property
    def count(self) -> int:
        return sum(each.count for each in self.sums)
