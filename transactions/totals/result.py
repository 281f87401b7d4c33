from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import ClassVar

from paykassma_admin.periods import calendar_day
from paykassma_admin.values import money
from transactions.totals.group import Group
from wallets.rates import usd_rates


@dataclass(slots=True)  # frozen, thousands of them take three times as long to make
class Total:
    """An amount in one currency, unrounded, and the number of its transactions.

    `unconverted` of them are missing from the amount: no rate is known for them.
    """

    amount: Decimal
    currency: str
    count: int
    unconverted: int = 0
    direction: str = ""

    @property
    def known_amount(self) -> Decimal | None:
        """Return None where nothing could be converted, which is not zero."""
        return None if 0 < self.count == self.unconverted else self.amount


@dataclass(frozen=True)
class Totals:
    """Totals of a set of transactions in `currency`, by day, added up on demand.

    Totals by hour have datetimes instead of dates.
    """

    groups: tuple[Group, ...]
    currency: str
    # Of `currency`, by day; a day without one cannot be converted. USD needs none.
    rates: Mapping[date, Decimal]
    is_exact: ClassVar[bool] = True

    @classmethod
    def from_groups(cls, groups: tuple[Group, ...], currency: str) -> Totals:
        if currency == money.USD:
            return cls(groups, currency, {})
        slots = {slot for group in groups for slot in group.days}
        rates = usd_rates(currency, sorted({calendar_day(slot) for slot in slots}))
        known = {slot: rates.get(calendar_day(slot)) for slot in slots}
        return cls(groups, currency, {slot: rate for slot, rate in known.items() if rate})

    @property
    def count(self) -> int:
        return sum_counts(self.groups)

    @property
    def ids(self) -> list[int] | None:
        """Return the ids of all rows, if they were read and are few."""
        ids = [one for group in self.groups for one in chain.from_iterable(group.ids)]
        return ids if len(ids) == self.count else None

    @property
    def currencies(self) -> list[str]:
        return sorted({group.currency for group in self.groups})

    @property
    def directions(self) -> list[str]:
        return sorted({group.direction for group in self.groups})

    def select_payment_systems(self, *codes: str) -> Totals:
        return replace(self, groups=tuple(g for g in self.groups if g.payment_system in codes))

    @cached_property
    def by_kind(self) -> dict[tuple[str, str], Totals]:
        """Return totals by direction and Kind; none where groups are not told apart by it."""
        groups: defaultdict[tuple[str, str], list[Group]] = defaultdict(list)
        for group in self.groups:
            groups[group.direction, group.kind].append(group)
        if any(not kind for _direction, kind in groups):
            return {}
        return {key: replace(self, groups=tuple(own)) for key, own in groups.items()}

    def select_days(self, first: date, last: date) -> Totals:
        """Return the totals of these days alone; the rest of ids and of kinds is kept."""
        groups = (group.select_days(first, last) for group in self.groups)
        return replace(self, groups=tuple(group for group in groups if group.count))

    def select_arrival_currency(self, currency: str) -> Totals:
        groups = tuple(g for g in self.groups if g.currency == currency)
        return replace(self, groups=groups, currency=currency)

    @cached_property
    def by_payment_system(self) -> dict[str, Totals]:
        groups: defaultdict[str, list[Group]] = defaultdict(list)
        for group in self.groups:
            groups[group.payment_system].append(group)
        return {code: replace(self, groups=tuple(own)) for code, own in groups.items()}

    def total(self) -> Total:
        """Return the sum of all days, each converted at its own rate."""
        if self.currency == money.USD:
            return self._total_in_usd()
        amount = money.total(self.amounts_by_day.values())
        return Total(amount, self.currency, self.count, self.unconverted)

    def _total_in_usd(self) -> Total:
        """Add up without telling days apart: USD is worth 1 on all of them."""
        own, others = self._own_and_others()
        amounts = chain(*(g.amounts for g in own), *(g.amounts_usd for g in others))
        return Total(money.total(amounts), money.USD, self.count, self.unconverted)

    @property
    def unconverted(self) -> int:
        """Count transactions without a rate, or on a day without a rate of `currency`."""
        if self.currency == money.USD:
            return sum_counts(group for group in self._to_convert() if not group.is_converted)
        return sum(self.unconverted_by_day.values())

    @cached_property
    def unconverted_by_day(self) -> dict[date, int]:
        counts: defaultdict[date, int] = defaultdict(int)
        for group in self._to_convert():
            if group.is_converted and self.currency == money.USD:
                continue
            for day, count in zip(group.days, group.counts, strict=True):
                if self.misses(group, day):
                    counts[day] += count
        return counts

    def misses(self, group: Group, day: date) -> bool:
        """Return whether the group's transactions of that day are missing from the amount."""
        if group.currency == self.currency:
            return False
        return not group.is_converted or (self.currency != money.USD and day not in self.rates)

    def _to_convert(self) -> list[Group]:
        return [group for group in self.groups if group.currency != self.currency]

    @cached_property
    def unknown_days(self) -> set[date]:
        missing = self.unconverted_by_day
        return {day for day, n in missing.items() if 0 < n == self.counts_by_day[day]}

    @cached_property
    def counts_by_day(self) -> dict[date, int]:
        return sum_by_day((group.days, group.counts) for group in self.groups)

    @cached_property
    def amounts_by_day(self) -> dict[date, Decimal]:
        """Amounts in `currency`; a day without a rate has only what arrived in it."""
        own, others = self._own_and_others()
        taken = [(group.days, group.amounts) for group in own]
        in_usd = [(group.days, group.amounts_usd) for group in others]
        with money.exact_context():
            if self.currency == money.USD:
                return sum_by_day([*taken, *in_usd])
            rates, worth = self.rates, sum_by_day(in_usd)
            # money.convert_from_usd(), whose context a year would enter hundreds of times.
            converted = {day: usd / rates[day] for day, usd in worth.items() if day in rates}
            return sum_by_day([*taken, (converted, converted.values())])

    @property
    def unknown_part(self) -> str:
        return unknown_part({total.direction: total for total in self.by_direction()})

    def by_direction(self) -> list[Total]:
        """Return pay-ins and payouts, which are never netted."""
        return self._by_direction

    @cached_property
    def _by_direction(self) -> list[Total]:
        return [
            replace(self.select_direction(direction).total(), direction=direction)
            for direction in self.directions
        ]

    def by_currency_and_direction(self) -> list[Total]:
        found: defaultdict[tuple[str, str], list[Group]] = defaultdict(list)
        for group in self.groups:
            found[group.currency, group.direction].append(group)
        return [
            Total(sum_amounts(groups), currency, sum_counts(groups), direction=direction)
            for (currency, direction), groups in sorted(found.items(), key=itemgetter(0))
        ]

    def select_direction(self, direction: str) -> Totals:
        return replace(self, groups=tuple(g for g in self.groups if g.direction == direction))

    def _own_and_others(self) -> tuple[list[Group], list[Group]]:
        own = [group for group in self.groups if group.currency == self.currency]
        return own, [group for group in self.groups if group.currency != self.currency]


def unknown_part(parts: Mapping[str, Total]) -> str:
    """Return the name of the part whose sum is unknown; "all" where each is, "" where none is."""
    unknown = [name for name, total in parts.items() if total.known_amount is None]
    if not unknown:
        return ""
    return "all" if len(unknown) == len(parts) else unknown[0]


def sum_amounts(groups: Iterable[Group]) -> Decimal:
    return money.total(chain.from_iterable(group.amounts for group in groups))


def sum_counts(groups: Iterable[Group]) -> int:
    return sum(group.count for group in groups)


def sum_by_day[N: (int, Decimal)](
    columns: Iterable[tuple[Collection[date], Iterable[N]]],
) -> dict[date, N]:
    """Add up by day. The first column is taken as a whole, unless it repeats a day."""
    sums: dict[date, N] = {}
    for days, values in columns:
        if not sums:
            sums = dict(zip(days, values, strict=True))
            if len(sums) == len(days):
                continue
            sums = {}
        for day, value in zip(days, values, strict=True):
            sums[day] = sums[day] + value if day in sums else value
    return sums
