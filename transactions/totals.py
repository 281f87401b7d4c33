"""Totals of transactions: groups of them (groups.py) added up, split and converted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, ClassVar

from paykassma_admin import money
from transactions.group import Group
from wallets.rates import usd_rates

type Part = tuple[int, Decimal]  # of a day: a count, and an amount
# The same of many days, entry by entry.
type Column = tuple[list[date], list[int], Iterable[Decimal]]

NOTHING: Part = (0, Decimal(0))


@dataclass(slots=True)  # frozen, thousands of them take three times as long to make
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
    is_exact: ClassVar[bool] = True

    @classmethod
    def of(cls, groups: tuple[Group, ...], currency: str) -> Totals:
        days = sorted({day for group in groups for day in group.days})
        if currency == money.USD:
            return cls(groups, currency, dict.fromkeys(days, Decimal(1)))
        return cls(groups, currency, usd_rates(currency, days))

    @property
    def count(self) -> int:
        return count_of(self.groups)

    @property
    def ids(self) -> list[int] | None:
        """Of all rows, if they were read and are few."""
        ids = [one for group in self.groups for one in chain.from_iterable(group.ids)]
        return ids if len(ids) == self.count else None

    @property
    def currencies(self) -> list[str]:
        return sorted({group.currency for group in self.groups})

    def of_payment_systems(self, *codes: str) -> Totals:
        return replace(self, groups=tuple(g for g in self.groups if g.payment_system in codes))

    def arrived_in(self, currency: str) -> Totals:
        """What came and went in `currency` itself: nothing of it is converted."""
        groups = tuple(g for g in self.groups if g.currency == currency)
        return replace(self, groups=groups, currency=currency)

    @cached_property
    def by_payment_system(self) -> dict[str, Totals]:
        """By code; only those that have transactions."""
        groups: defaultdict[str, list[Group]] = defaultdict(list)
        for group in self.groups:
            groups[group.payment_system].append(group)
        return {code: replace(self, groups=tuple(of_code)) for code, of_code in groups.items()}

    def total(self) -> Total:
        """The sum of the days, each converted at its own rate."""
        if self.currency == money.USD:
            return self._total_in_usd()
        days = self.by_day().values()
        return Total(
            money.total(day.amount for day in days),
            self.currency,
            sum(day.count for day in days),
            sum(day.unconverted for day in days),
        )

    def _total_in_usd(self) -> Total:
        """USD is worth 1 on all days: what belongs to which need not be told apart."""
        own, others = self._own_and_others()
        amounts = chain(*(g.amounts for g in own), *(g.amounts_usd for g in others))
        unconverted = count_of(group for group in others if not group.is_converted)
        return Total(money.total(amounts), money.USD, self.count, unconverted)

    def by_day(self) -> dict[date, Total]:
        """Only days that have transactions."""
        return self._by_day

    @cached_property
    def _by_day(self) -> dict[date, Total]:
        with money.exact():
            in_usd = self.currency == money.USD
            return self._by_day_in_usd() if in_usd else self._by_day_converted()

    def _by_day_in_usd(self) -> dict[date, Total]:
        """As `_by_day_converted`, which at a rate of 1 would look thousands of times."""
        own, others = self._own_and_others()
        taken = chain(of_amounts(own), of_amounts_usd(others))
        missing = added(of_amounts_usd(g for g in others if not g.is_converted))
        return {
            day: Total(amount, self.currency, count, missing.get(day, NOTHING)[0])
            for day, (count, amount) in sorted(added(taken).items())
        }

    def _by_day_converted(self) -> dict[date, Total]:
        own, others = self._own_and_others()
        taken, in_usd = added(of_amounts(own)), added(of_amounts_usd(others))
        missing = added(of_amounts_usd(g for g in others if not g.is_converted))
        sums = (taken, in_usd, missing)
        return {
            day: self._converted(day, *(of.get(day, NOTHING) for of in sums))
            for day in sorted({*taken, *in_usd})
        }

    def by_direction(self) -> list[Total]:
        """Pay-ins and payouts are never netted."""
        return [
            replace(self._going(direction).total(), direction=direction)
            for direction in sorted({group.direction for group in self.groups})
        ]

    def by_currency_and_direction(self) -> list[Total]:
        """Unconverted, as it arrived and left."""
        found: defaultdict[tuple[str, str], list[Group]] = defaultdict(list)
        for group in self.groups:
            found[group.currency, group.direction].append(group)
        return [
            Total(amount_of(groups), currency, count_of(groups), direction=direction)
            for (currency, direction), groups in sorted(found.items(), key=itemgetter(0))
        ]

    def _going(self, direction: str) -> Totals:
        return replace(self, groups=tuple(g for g in self.groups if g.direction == direction))

    def _own_and_others(self) -> tuple[list[Group], list[Group]]:
        """What is in the currency already is taken as it is; others are converted."""
        own = [group for group in self.groups if group.currency == self.currency]
        return own, [group for group in self.groups if group.currency != self.currency]

    def _converted(self, day: date, own: Part, in_usd: Part, missing: Part) -> Total:
        """The sum of others by the day's rate, once; `missing` are those of them without an own."""
        own_count, amount = own
        others, amount_usd = in_usd
        if not others:
            return Total(amount, self.currency, own_count)
        if day not in self.rates:
            return Total(amount, self.currency, own_count + others, others)
        # money.from_usd(), whose context a year would enter thousands of times.
        amount += amount_usd / self.rates[day]
        return Total(amount, self.currency, own_count + others, missing[0])


def amount_of(groups: Iterable[Group]) -> Decimal:
    return money.total(chain.from_iterable(group.amounts for group in groups))


def count_of(groups: Iterable[Group]) -> int:
    return sum(group.count for group in groups)


def of_amounts(groups: Iterable[Group]) -> Iterator[Column]:
    return ((group.days, group.counts, group.amounts) for group in groups)


def of_amounts_usd(groups: Iterable[Group]) -> Iterator[Column]:
    return ((group.days, group.counts, group.amounts_usd) for group in groups)


def added(columns: Iterable[Column]) -> dict[date, Part]:
    """Counts and amounts by day; only of days that have transactions."""
    sums: dict[date, list[Any]] = {}
    for column in columns:
        for day, count, amount in zip(*column, strict=True):
            if day in sums:
                of_day = sums[day]
                of_day[0] += count
                of_day[1] += amount
            else:
                sums[day] = [count, amount]
    return {day: (count, amount) for day, (count, amount) in sums.items() if count}
