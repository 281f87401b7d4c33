from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dashboard.comparison import Before, Change, change_of_count, change_of_sum, find_before
from paykassma_admin.periods import Period
from transactions.proof.seen import seen_address
from transactions.selection import Selection, totals_by_kind
from transactions.totals.result import Total, Totals, unknown_part

LONG = 31  # days


@dataclass(frozen=True)
class Card:
    selection: Selection
    totals: Totals

    @cached_property
    def total(self) -> Total:
        return self.totals.total()

    @property
    def address(self) -> str:
        total = self.total
        return seen_address(self.selection, total.count, total.known_amount, total.currency)

    def select_days(self, first: date, last: date) -> Card:
        return Card(self.selection.select_days(first, last), self.totals.select_days(first, last))

    @property
    def unknown_part(self) -> str:
        return unknown_part({"": self.total})

    @property
    def not_converted(self) -> Selection:
        return self.selection.not_converted()


@dataclass(frozen=True)
class UncountedRows:
    """Rows that are counted beside a number, and not added up."""

    selection: Selection
    count: int


@dataclass(frozen=True)
class Today:
    week: Card  # withdrawals of the week before, and of today
    in_progress: Card

    @property
    def day(self) -> date:
        return day_of(self.in_progress.selection)

    @cached_property
    def withdrawals(self) -> Card:
        return self.week.select_days(self.day, self.day)

    @cached_property
    def change(self) -> Change | None:
        return change_of_sum(self.withdrawals.total, find_before(self.withdrawals.selection))

    @property
    def unknown_part(self) -> str:
        return unknown_part(
            {"withdrawals": self.withdrawals.total, "in_progress": self.in_progress.total}
        )


@dataclass(frozen=True)
class Summary:
    """The cards of the period (`selection`) and of today."""

    selection: Selection
    today_selection: Selection

    @property
    def pay_ins(self) -> Card:
        return self._cards[2]

    @cached_property
    def _before(self) -> Before | None:
        return find_before(self.pay_ins.selection)

    @property
    def change_of_sum(self) -> Change | None:
        return change_of_sum(self.pay_ins.total, self._before)

    @property
    def change_of_count(self) -> Change | None:
        return change_of_count(self.pay_ins.total, self._before)

    @property
    def not_converted(self) -> Selection:
        return self.pay_ins.not_converted

    @cached_property
    def fakes(self) -> UncountedRows:
        """Counted, over many days, in a statement of their own, which ignores the days."""
        fakes = self.selection.fakes()
        count = fakes.count() if self._is_long else self._cards[-1].totals.count
        return UncountedRows(fakes, count)

    @cached_property
    def today(self) -> Today:
        return Today(*self._cards[:2])

    @property
    def withdrawals_today(self) -> Card:
        return self.today.withdrawals

    @property
    def in_progress_today(self) -> Card:
        return self.today.in_progress

    @property
    def _is_long(self) -> bool:
        return len(self.selection.period.days()) > LONG

    @cached_property
    def _cards(self) -> list[Card]:
        selections = [*withdrawals(self.today_selection), self.selection.pay_ins()]
        if not self._is_long:
            selections.append(self.selection.fakes())
        return cards(selections)


def summary_of_today(today: Selection) -> Today:
    return Today(*cards(withdrawals(today)))


def day_of(today: Selection) -> date:
    if today.period.last is None:
        raise ValueError("today is a day")
    return today.period.last


def withdrawals(today: Selection) -> list[Selection]:
    week = today.replace(period=Period.week_before(day_of(today), today.period.zone))
    return [week.withdrawals(), today.withdrawals_in_progress()]


def cards(selections: list[Selection]) -> list[Card]:
    return [Card(*each) for each in zip(selections, totals_by_kind(selections), strict=True)]
