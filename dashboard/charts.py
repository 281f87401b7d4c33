"""The series of the two tabs, out of the same totals as the numbers above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.filters import DashboardFilterSet, System
from paykassma_admin.charts import Chart, Series
from paykassma_admin.formats import time_of
from paykassma_admin.periods import day_of
from paykassma_admin.series_styles import REST, TOTAL, Style
from transactions.selection import Selection
from transactions.totals import Totals

LARGEST = 7  # payment systems with a series of their own, where there are many


def selection_of_tab(chosen: DashboardFilterSet) -> Selection:
    everything = chosen.selection
    if chosen.data["tab"] == "withdrawals":
        return everything.withdrawals()
    return everything.pay_ins()


def chart_of(chosen: DashboardFilterSet, totals: Totals) -> Chart:
    """Of a valid form, and the totals of its tab."""
    days = chosen.period.days()
    now = timezone.now().astimezone(chosen.zone)
    series = [each for panel in panels(chosen, totals) for each in series_of(chosen, panel)]
    current = day_of(now, chosen.zone)
    unfinished = days.index(current) if current in days else None
    until = _("until %(time)s") % {"time": time_of(now, "minutes")}
    return Chart(days, series, unfinished, until)


@dataclass(frozen=True)
class Panel:
    """What shares an axis: all of it converted, or what arrived in one currency."""

    name: str
    totals: Totals
    days: list[date]
    counts: bool

    def series(
        self, label: str, style: Style, totals: Totals, gathers: tuple[Style, ...] = ()
    ) -> Series:
        points = tuple(self._points(totals))
        currency = "" if self.counts else totals.currency
        return Series(label, points, currency, self.name, style, gathers)

    def size(self, totals: Totals) -> Decimal:
        return Decimal(totals.count) if self.counts else totals.total().amount

    def _points(self, totals: Totals) -> Iterator[Decimal]:
        if self.counts:
            return (Decimal(totals.counts_by_day.get(day, 0)) for day in self.days)
        amounts, nothing = totals.amounts_by_day, Decimal(0)
        return (amounts.get(day, nothing) for day in self.days)


def panels(chosen: DashboardFilterSet, totals: Totals) -> list[Panel]:
    """One, converted; or in detail one for each currency of arrival, as it arrived."""
    days, counts = chosen.period.days(), chosen.data["measure"] == "count"
    if not chosen.is_on("detail"):
        return [Panel("", totals, days, counts)]
    return [
        Panel(currency, totals.arrived_in(currency), days, counts) for currency in totals.currencies
    ]


def series_of(chosen: DashboardFilterSet, panel: Panel) -> Iterator[Series]:
    if chosen.is_on("total"):
        yield panel.series(chosen.total_label, TOTAL, panel.totals)
    by_system = parts(chosen, panel)
    own = largest(by_system, panel)
    for system, part in by_system.items():
        if system in own:
            yield panel.series(system.name, system.style, part)
    if gathered := [system for system in by_system if system not in own]:
        label = _("Others (%(count)s)") % {"count": len(gathered)}
        of_rest = panel.totals.of_payment_systems(*(system.code for system in gathered))
        yield panel.series(label, REST, of_rest, tuple(system.style for system in gathered))


def parts(chosen: DashboardFilterSet, panel: Panel) -> dict[System, Totals]:
    """In detail a payment system stands only in the panels of its own currencies."""
    found, nothing = panel.totals.by_payment_system, replace(panel.totals, groups=())
    return {
        system: found.get(system.code, nothing)
        for system in chosen.payment_systems
        if system.code in chosen.systems_chosen and (system.code in found or not panel.name)
    }


def largest(by_system: dict[System, Totals], panel: Panel) -> list[System]:
    """Those that are drawn by themselves; of equals, the first. A rest is of two or more."""
    if len(by_system) <= LARGEST + 1:
        return list(by_system)
    by_size = sorted(by_system, key=lambda system: panel.size(by_system[system]), reverse=True)
    return by_size[:LARGEST]
