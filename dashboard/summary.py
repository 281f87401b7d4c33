"""The three totals on top of the dashboard, each with the set of transactions that it is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from paykassma_admin.money import USD
from transactions.selection import Selection
from transactions.totals import Total, Totals


@dataclass(frozen=True)
class Card:
    """A number and the rows behind it."""

    selection: Selection

    @cached_property
    def total(self) -> Total:
        return self.selection.totals_of_all_days().total()


@dataclass(frozen=True)
class CardByDay(Card):
    """Its days are asked for, too."""

    @cached_property
    def totals(self) -> Totals:
        return self.selection.totals()

    @cached_property
    def total(self) -> Total:
        return self.totals.total()


@dataclass(frozen=True)
class Summary:
    """`selection` is of the period shown; withdrawals are of `today`, whatever the period."""

    selection: Selection
    today: date

    @cached_property
    def pay_ins(self) -> CardByDay:
        return CardByDay(self.selection.pay_ins())

    @property
    def not_converted(self) -> Selection | None:
        """The rows that the sum misses; elsewhere than in USD a day's own rate may be missing."""
        if self.selection.currency != USD:
            return None
        return self.selection.pay_ins().not_converted()

    @cached_property
    def fakes(self) -> Card:
        return Card(self.selection.fakes())

    @cached_property
    def withdrawals_today(self) -> Card:
        return Card(self.selection.on_days(self.today, self.today).withdrawals())

    @cached_property
    def under_way_today(self) -> Card:
        return Card(self.selection.on_days(self.today, self.today).withdrawals_under_way())
