"""The lines that a total is added up from: by day, and within it by currency of arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from paykassma_admin.values import money
from transactions.selection import Selection
from transactions.totals.result import Totals

ZERO = Decimal(0)
RATE_PLACES = 10


@dataclass
class CurrencyLine:
    """Money of one currency and day. `amount_usd` is of the rows that have a rate."""

    currency: str
    count: int = 0
    unconverted: int = 0
    amount: Decimal = ZERO
    amount_with_rate: Decimal = ZERO
    amount_usd: Decimal = ZERO
    selection: Selection | None = None

    def add(self, count: int, amount: Decimal, usd: Decimal | None, is_missing: bool) -> None:
        self.count += count
        self.amount += amount
        self.unconverted += count if is_missing else 0
        if self.currency == money.USD:  # worth itself, whether a rate is stored or not
            usd = amount
        if usd is not None:
            self.amount_with_rate += amount
            self.amount_usd += usd

    @property
    def known_usd(self) -> Decimal | None:
        return self.amount_usd if self.amount_with_rate else None

    @property
    def average_rate(self) -> Decimal | None:
        """Return USD for one unit, a quotient of sums: no row need have it."""
        if not self.amount_with_rate:
            return None
        return money.round_to(self.amount_usd / self.amount_with_rate, RATE_PLACES)


@dataclass(frozen=True)
class DayLine:
    """A day's part of a total: `amount` in the total's currency, unrounded; None is unknown."""

    day: date
    amount: Decimal | None
    rate: Decimal | None  # USD for one unit of the total's currency; none is needed for USD
    selection: Selection
    currencies: list[CurrencyLine] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(line.count for line in self.currencies)

    @property
    def unconverted(self) -> int:
        return sum(line.unconverted for line in self.currencies)


@dataclass(frozen=True)
class Rest:
    """The days of a total that a page does not show."""

    days: int
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Proof:
    """A total of one direction, and the lines that add up to it exactly."""

    selection: Selection
    totals: Totals

    @cached_property
    def lines(self) -> list[DayLine]:
        """Newest first, as in a list."""
        amounts, unknown = self.totals.amounts_by_day, self.totals.unknown_days
        by_day = currency_lines(self.totals)
        return [
            DayLine(
                day=day,
                amount=None if day in unknown else amounts.get(day, ZERO),
                rate=self.totals.rates.get(day),
                selection=(of_day := self.selection.select_days(day, day)),
                currencies=link(by_day[day], of_day),
            )
            for day in sorted(by_day, reverse=True)
        ]

    def page(self, number: int, days: int) -> list[DayLine]:
        return self.lines[(number - 1) * days : number * days]

    def rest(self, page: list[DayLine]) -> Rest | None:
        """Return the sum of the lines beyond `page`, so that what is shown adds up, too."""
        shown = {line.day for line in page}
        left = [line for line in self.lines if line.day not in shown]
        return Rest(len(left), sum(line.count for line in left), add_up(left)) if left else None


def currency_lines(totals: Totals) -> dict[date, list[CurrencyLine]]:
    lines: defaultdict[date, dict[str, CurrencyLine]] = defaultdict(dict)
    with money.exact_context():
        for group in totals.groups:
            columns = (group.days, group.counts, group.amounts, group.amounts_usd)
            for day, count, amount, usd in zip(*columns, strict=True):
                line = lines[day].setdefault(group.currency, CurrencyLine(group.currency))
                worth = usd if group.is_converted else None
                line.add(count, amount, worth, totals.misses(group, day))
    return {day: [own[code] for code in sorted(own)] for day, own in lines.items()}


def link(lines: list[CurrencyLine], day: Selection) -> list[CurrencyLine]:
    for line in lines:
        line.selection = day.replace(arrival_currency=line.currency)
    return lines


def add_up(lines: Iterable[DayLine]) -> Decimal:
    return money.total(line.amount for line in lines if line.amount is not None)
