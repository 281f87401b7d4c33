"""The three totals on top of the dashboard, each with the set of transactions that it is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from transactions.selection import Selection, totals_by_kind
from transactions.totals.result import Total, Totals, unknown_part

LONG = 31  # days


@dataclass(frozen=True)
class Card:
    """A number and the rows behind it."""

    selection: Selection
    totals: Totals

    @cached_property
    def total(self) -> Total:
        return self.totals.total()

    @property
    def unknown_part(self) -> str:
        return unknown_part({"": self.total})

    @property
    def not_converted(self) -> Selection:
        """The rows that the sum misses."""
        return self.selection.not_converted()


@dataclass(frozen=True)
class LeftOut:
    """Rows beside a number, which nobody adds up."""

    selection: Selection
    count: int


@dataclass(frozen=True)
class Today:
    """Withdrawals of today, whatever the period."""

    withdrawals: Card
    in_progress: Card

    @property
    def unknown_part(self) -> str:
        return unknown_part(
            {"withdrawals": self.withdrawals.total, "in_progress": self.in_progress.total}
        )

    @property
    def day(self) -> date | None:
        return self.withdrawals.selection.period.first


@dataclass(frozen=True)
class Summary:
    """`selection` is of the period that is shown, and `today` of that day."""

    selection: Selection
    today: Selection

    @property
    def pay_ins(self) -> Card:
        return self._cards[2]

    @property
    def not_converted(self) -> Selection:
        return self.pay_ins.not_converted

    @cached_property
    def fakes(self) -> LeftOut:
        """Of many days in a statement of their own, which leaves the days aside."""
        fakes = self.selection.fakes()
        return LeftOut(fakes, fakes.count() if self._is_long else self._cards[-1].totals.count)

    @property
    def of_today(self) -> Today:
        return Today(*self._cards[:2])

    @property
    def withdrawals_today(self) -> Card:
        return self.of_today.withdrawals

    @property
    def in_progress_today(self) -> Card:
        return self.of_today.in_progress

    @property
    def _is_long(self) -> bool:
        return len(self.selection.period.days()) > LONG

    @cached_property
    def _cards(self) -> list[Card]:
        shown = [*withdrawals(self.today), self.selection.pay_ins()]
        return cards(shown if self._is_long else [*shown, self.selection.fakes()])


def summary_of_today(today: Selection) -> Today:
    return Today(*cards(withdrawals(today)))


def withdrawals(today: Selection) -> list[Selection]:
    return [today.withdrawals(), today.withdrawals_in_progress()]


def cards(selections: list[Selection]) -> list[Card]:
    """In one statement."""
    return [Card(*each) for each in zip(selections, totals_by_kind(selections), strict=True)]
