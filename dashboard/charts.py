"""The series of the two tabs, out of the same totals as the numbers above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.filters import DashboardFilterSet, System
from paykassma_admin.charts.chart import Chart, Series
from paykassma_admin.charts.styles import REST, TOTAL, Style
from paykassma_admin.lists.counting import RowLimitExceeded
from paykassma_admin.periods import day_of
from paykassma_admin.values import money
from transactions.selection import Selection
from transactions.totals.result import Totals

NOTHING = Decimal(0)
LARGEST = 7  # payment systems with a series of their own, where there are many


def selection_of_tab(chosen: DashboardFilterSet) -> Selection:
    everything = chosen.selection
    if chosen.data["tab"] == "withdrawals":
        return everything.withdrawals()
    return everything.pay_ins()


def selection_of_days(chosen: DashboardFilterSet, shown: Selection) -> Selection:
    """What a whole day of the chart stands for: all of `shown`, or only the systems drawn."""
    if chosen.is_on("total") or len(chosen.systems_chosen) == len(chosen.payment_systems):
        return shown
    return shown.replace(payment_systems=tuple(chosen.systems_chosen))


@dataclass(frozen=True, kw_only=True)
class Drawn(Series):
    """A series, and the transactions that it adds up."""

    selection: Selection

    @property
    def not_converted(self) -> str:
        """The address of the transactions that its total misses."""
        return self.selection.not_converted().address


def totals_by_hour(chosen: DashboardFilterSet, shown: Selection) -> Totals | None:
    """None where days are drawn: they are many, or wanted, or have too many transactions."""
    if not chosen.is_by_hour:
        return None
    try:
        return shown.totals_by_hour()
    except RowLimitExceeded:
        return None


def chart_of(
    chosen: DashboardFilterSet, shown: Selection, totals: Totals, *, by_hour: bool
) -> Chart[Drawn]:
    """Of a valid form; `totals` are of `shown`, the transactions of its tab."""
    now = timezone.now().astimezone(chosen.zone)
    current = datetime.combine(day_of(now, chosen.zone), time(now.hour))
    slots = hours_until(current, chosen, totals) if by_hour else chosen.period.days()
    slot = current if by_hour else current.date()
    drawn = panels(chosen, shown, totals, slots)
    series = [each for panel in drawn for each in series_of(chosen, panel)]
    unfinished = slots.index(slot) if slot in slots else None
    return Chart(slots, series, unfinished)


def hours_until(current: datetime, chosen: DashboardFilterSet, totals: Totals) -> list[date]:
    """Of hours that are to come only those up to the last one with transactions."""
    last = max([current, *totals.counts_by_day])
    return [hour for hour in chosen.period.hours() if hour <= last]


@dataclass(frozen=True)
class Panel:
    """What shares an axis: all of it converted, or what arrived in one currency."""

    name: str
    selection: Selection
    totals: Totals
    slots: list[date]
    counts: bool

    def series(self, label: str, style: Style, *systems: System) -> Drawn:
        """Of all payment systems, where none are named."""
        codes = tuple(system.code for system in systems)
        totals = self._totals_of(codes)
        points = tuple(self._points(totals))
        return Drawn(
            label=label,
            points=points,
            total=self._total(points, totals),
            unconverted=0 if self.counts else totals.unconverted,
            missing=() if self.counts else self._missing(totals),
            currency="" if self.counts else totals.currency,
            panel=self.name,
            style=style,
            gathers=tuple(system.style for system in systems if system.style != style),
            selection=self.selection.replace(payment_systems=codes),
        )

    def _totals_of(self, codes: tuple[str, ...]) -> Totals:
        if len(codes) == 1:
            return self.totals.by_payment_system.get(codes[0]) or replace(self.totals, groups=())
        return self.totals.select_payment_systems(*codes) if codes else self.totals

    def size(self, totals: Totals) -> Decimal:
        return Decimal(totals.count) if self.counts else totals.total().amount

    def _points(self, totals: Totals) -> Iterator[Decimal | None]:
        if self.counts:
            return (Decimal(totals.counts_by_day.get(slot, 0)) for slot in self.slots)
        amounts, unknown = totals.amounts_by_day, totals.unknown_days
        return (None if slot in unknown else amounts.get(slot, NOTHING) for slot in self.slots)

    def _missing(self, totals: Totals) -> tuple[int, ...]:
        missing = totals.unconverted_by_day
        return tuple(missing.get(slot, 0) for slot in self.slots) if any(missing.values()) else ()

    def _total(self, points: tuple[Decimal | None, ...], totals: Totals) -> Decimal | None:
        """What the points come to."""
        if not self.counts and 0 < totals.count == totals.unconverted:
            return None
        return money.total(point for point in points if point is not None)


def panels(
    chosen: DashboardFilterSet, shown: Selection, totals: Totals, slots: list[date]
) -> list[Panel]:
    """One, converted; or in detail one for each currency of arrival, as it arrived."""
    counts = chosen.data["measure"] == "count"
    if not chosen.is_on("detail"):
        return [Panel("", shown, totals, slots, counts)]
    return [
        Panel(
            each,
            shown.replace(arrival_currency=each),
            totals.select_arrival_currency(each),
            slots,
            counts,
        )
        for each in totals.currencies
    ]


def series_of(chosen: DashboardFilterSet, panel: Panel) -> Iterator[Drawn]:
    if chosen.is_on("total"):
        yield panel.series(chosen.total_label, TOTAL)
    by_system = parts(chosen, panel)
    own = largest(by_system, panel)
    for system in by_system:
        if system in own:
            yield panel.series(system.name, system.style, system)
    if gathered := [system for system in by_system if system not in own]:
        label = _("Others (%(count)s)") % {"count": len(gathered)}
        yield panel.series(label, REST, *gathered)


def parts(chosen: DashboardFilterSet, panel: Panel) -> dict[System, Totals]:
    """In detail a payment system stands only in the panels of its own currencies."""
    found, nothing = panel.totals.by_payment_system, replace(panel.totals, groups=())
    return {
        system: found.get(system.code, nothing)
        for system in chosen.payment_systems
        if system.code in chosen.systems_chosen and (system.code in found or not panel.name)
    }


def largest(by_system: dict[System, Totals], panel: Panel) -> list[System]:
    """Those that are drawn by themselves. A rest is of two or more."""
    if len(by_system) <= LARGEST + 1:
        return list(by_system)

    def size(system: System) -> tuple[Decimal, int]:
        """Of equals, such as sums that are not known, the one with more transactions."""
        totals = by_system[system]
        return panel.size(totals), totals.count

    return sorted(by_system, key=size, reverse=True)[:LARGEST]
