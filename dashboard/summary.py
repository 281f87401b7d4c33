"""The three totals on top of the dashboard, each with the set of transactions that it is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from paykassma_admin.money import USD
from transactions.selection import Selection, totals_by_kind
from transactions.totals import Total, Totals

LONG = 31  # days


@dataclass(frozen=True)
class Card:
    """A number and the rows behind it."""

    selection: Selection
    totals: Totals

    @cached_property
    def total(self) -> Total:
        return self.totals.total()


@dataclass(frozen=True)
class LeftOut:
    """Rows beside a number, which nobody adds up."""

    selection: Selection
    count: int


@dataclass(frozen=True)
class Summary:
    """`selection` is of the period shown; withdrawals are of `today`, whatever the period."""

    selection: Selection
    today: date

    @property
    def pay_ins(self) -> Card:
        return self._cards[0]

    @property
    def not_converted(self) -> Selection | None:
        """The rows that the sum misses; elsewhere than in USD a day's own rate may be missing."""
        if self.selection.currency != USD:
            return None
        return self.selection.pay_ins().not_converted()

    @cached_property
    def fakes(self) -> LeftOut:
        """Of many days in a statement of their own, which leaves the days aside."""
        fakes = self.selection.fakes()
        return LeftOut(fakes, fakes.kept_count() if self._is_long else self._cards[-1].totals.count)

    @property
    def withdrawals_today(self) -> Card:
        return self._cards[1]

    @property
    def under_way_today(self) -> Card:
        return self._cards[2]

    @property
    def _is_long(self) -> bool:
        return len(self.selection.period.days()) > LONG

    @cached_property
    def _cards(self) -> list[Card]:
        today = self.selection.on_days(self.today, self.today)
        shown = [self.selection.pay_ins(), today.withdrawals(), today.withdrawals_under_way()]
        shown += [] if self._is_long else [self.selection.fakes()]
        return [Card(*each) for each in zip(shown, totals_by_kind(shown), strict=True)]
