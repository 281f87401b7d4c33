"""Sums and counts of transactions: the only place that adds them up and converts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from paykassma_admin import money
from transactions.groups import Group, by_day, counts_by_day, of_all_days
from wallets.rates import usd_rates

if TYPE_CHECKING:
    from transactions.selection import Selection


@dataclass(frozen=True)
class Total:
    """An amount in one currency, unrounded, and the number of transactions that it is of.

    `unconverted` of them are missing from the amount: no rate is known for them.
    """

    amount: Decimal
    currency: str
    count: int
    unconverted: int = 0
    direction: str = ""


@dataclass(frozen=True)
class Totals:
    """Totals of a set of transactions, converted to `currency`; kept by day, summed on demand."""

    groups: tuple[Group, ...]
    currency: str
    rates: Mapping[date, Decimal]  # of `currency`, by day; a day without one cannot be converted

    @classmethod
    def by_day_of(cls, selection: Selection) -> Totals:
        return cls.of(by_day(selection), selection.currency)

    @classmethod
    def of_all_days_of(cls, selection: Selection) -> Totals:
        """Only USD has no rate of a day."""
        if selection.currency != money.USD:
            return cls.by_day_of(selection)
        return cls.of(of_all_days(selection), selection.currency)

    @classmethod
    def of(cls, groups: tuple[Group, ...], currency: str) -> Totals:
        days = sorted({group.day for group in groups})
        if currency == money.USD:
            return cls(groups, currency, dict.fromkeys(days, Decimal(1)))
        return cls(groups, currency, usd_rates(currency, days))

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def currencies(self) -> list[str]:
        return sorted({group.currency for group in self.groups})

    def of_payment_systems(self, *codes: str) -> Totals:
        return replace(self, groups=tuple(g for g in self.groups if g.payment_system in codes))

    def arrived_in(self, currency: str) -> Totals:
        """What arrived in `currency`, as it arrived: unconverted."""
        groups = tuple(g for g in self.groups if g.currency == currency)
        return replace(self, groups=groups, currency=currency)

    def total(self) -> Total:
        """The sum of the days, each converted at its own rate."""
        days = self.by_day().values()
        return Total(
            money.total(day.amount for day in days),
            self.currency,
            sum(day.count for day in days),
            sum(day.unconverted for day in days),
        )

    def by_day(self) -> dict[date, Total]:
        """Only days that have transactions."""
        return {
            day: self._converted(day, list(groups))
            for day, groups in groupby(self.groups, key=lambda group: group.day)
        }

    def by_direction(self) -> list[Total]:
        """Converted; pay-ins and payouts are never netted."""
        return [
            replace(self._going(direction).total(), direction=direction)
            for direction in sorted({group.direction for group in self.groups})
        ]

    def by_currency_and_direction(self) -> list[Total]:
        """Unconverted, as it arrived and left."""
        return [
            total
            for currency in self.currencies
            for total in self.arrived_in(currency).by_direction()
        ]

    def _going(self, direction: str) -> Totals:
        return replace(self, groups=tuple(g for g in self.groups if g.direction == direction))

    def _converted(self, day: date, groups: list[Group]) -> Total:
        """What is in the currency already is taken as it is; the rest by the day's rate, once."""
        own = [g for g in groups if g.currency == self.currency]
        other = [g for g in groups if g.currency != self.currency]
        amount = money.total(g.amount for g in own)
        unconverted = sum(g.unconverted for g in other)
        if other and day in self.rates:
            in_usd = money.total(g.amount_usd for g in other)
            amount = money.total([amount, money.from_usd(in_usd, self.rates[day])])
        elif other:
            unconverted = sum(g.count for g in other)
        return Total(amount, self.currency, sum(g.count for g in groups), unconverted)


def day_at(selection: Selection, offset: int) -> tuple[date, int]:
    """The day that the row at `offset` is of, newest first; and how many rows are newer days'.

    Raises LookupError where there is no such row.
    """
    newer = 0
    for day, count in counts_by_day(selection):
        if newer + count > offset:
            return day, newer
        newer += count
    raise LookupError(offset)
