from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.filters import DashboardFilterSet, System
from dashboard.switches import note_switches
from paykassma_admin.charts.chart import Chart, Series
from paykassma_admin.charts.steps import Axis, Step
from paykassma_admin.charts.styles import REST, TOTAL, Style
from paykassma_admin.lists.counting import RowLimitExceeded
from paykassma_admin.periods import local_day, today
from paykassma_admin.values import money
from transactions.proof.seen import seen_address
from transactions.selection import Selection
from transactions.totals.result import Totals

ZERO = Decimal(0)
MAX_OWN_SERIES = 7  # payment systems with a series of their own, where there are many


def tab_selection(chosen: DashboardFilterSet) -> Selection:
    everything = chosen.selection
    if chosen.data["tab"] == "withdrawals":
        return everything.withdrawals()
    return everything.pay_ins()


def day_selection(chosen: DashboardFilterSet, selection: Selection) -> Selection:
    if chosen.is_on("total") or len(chosen.chosen_systems) == len(chosen.payment_systems):
        return selection
    return selection.replace(payment_systems=tuple(chosen.chosen_systems))


@dataclass(frozen=True, kw_only=True)
class TransactionSeries(Series):
    selection: Selection
    count: int  # of transactions, whatever `total` is of

    @property
    def address(self) -> str:
        amount = self.total if self.currency else None
        return seen_address(self.selection, self.count, amount, self.currency)

    @property
    def not_converted(self) -> str:
        return self.selection.not_converted().address


def hourly_totals(chosen: DashboardFilterSet, selection: Selection) -> Totals | None:
    """Return None where days are drawn: for many days, by choice, or for too many transactions."""
    if not chosen.is_by_hour:
        return None
    try:
        return selection.hourly_totals()
    except RowLimitExceeded:
        return None


def build_chart(
    chosen: DashboardFilterSet, selection: Selection, totals: Totals, *, by_hour: bool
) -> Chart[TransactionSeries]:
    """Draw `totals`, those of `selection`. Needs a valid form."""
    axis = note_switches(hours_axis(chosen, totals) if by_hour else days_axis(chosen), chosen)
    drawn = build_panels(chosen, selection, totals, axis)
    return Chart(axis, [each for panel in drawn for each in panel_series(chosen, panel)])


def days_axis(chosen: DashboardFilterSet) -> Axis:
    step = Step.DAY if chosen.is_by_hour else chosen.chosen_step  # too many rows for hours
    return Axis.from_days(chosen.period, step, today(chosen.zone))


def hours_axis(chosen: DashboardFilterSet, totals: Totals) -> Axis:
    """Return the period's hours; future ones only up to the last with transactions."""
    now = timezone.now().astimezone(chosen.zone)
    current = datetime.combine(local_day(now, chosen.zone), time(now.hour))
    last = max([current, *totals.counts_by_day])
    hours: list[date] = [hour for hour in chosen.period.hours() if hour <= last]
    return Axis(Step.HOUR, hours, last, sum(hour < current for hour in hours))


@dataclass(frozen=True)
class Panel:
    """The series that share an axis: all converted, or of one currency of arrival."""

    name: str
    selection: Selection
    totals: Totals
    axis: Axis
    counts: bool

    def series(self, label: str, style: Style, *systems: System) -> TransactionSeries:
        codes = tuple(system.code for system in systems)
        totals = self._totals_of(codes)
        points = self.points(totals)
        return TransactionSeries(
            label=label,
            points=points,
            total=self._total(points, totals),
            unconverted=0 if self.counts else totals.unconverted,
            missing=() if self.counts else self.missing(totals),
            currency="" if self.counts else totals.currency,
            panel=self.name,
            style=style,
            gathers=tuple(system.style for system in systems if system.style != style),
            selection=self.selection.replace(payment_systems=codes),
            count=totals.count,
        )

    def _totals_of(self, codes: tuple[str, ...]) -> Totals:
        if len(codes) == 1:
            return self.totals.by_payment_system.get(codes[0]) or replace(self.totals, groups=())
        return self.totals.select_payment_systems(*codes) if codes else self.totals

    def size(self, totals: Totals) -> Decimal:
        return Decimal(totals.count) if self.counts else totals.total().amount

    def points(self, totals: Totals) -> tuple[Decimal | None, ...]:
        return tuple(self._points(totals))

    def _points(self, totals: Totals) -> Iterator[Decimal | None]:
        slots, counts = self.axis.slots, self.axis.gather(totals.counts_by_day)
        if self.counts:
            return (Decimal(counts.get(slot, 0)) for slot in slots)
        amounts = self.axis.gather(totals.amounts_by_day)
        missing = self.axis.gather(totals.unconverted_by_day)
        unknown = {slot for slot, n in missing.items() if 0 < n == counts[slot]}
        return (None if slot in unknown else amounts.get(slot, ZERO) for slot in slots)

    def missing(self, totals: Totals) -> tuple[int, ...]:
        missing = self.axis.gather(totals.unconverted_by_day)
        slots = self.axis.slots
        return tuple(missing.get(slot, 0) for slot in slots) if any(missing.values()) else ()

    def _total(self, points: tuple[Decimal | None, ...], totals: Totals) -> Decimal | None:
        if not self.counts and 0 < totals.count == totals.unconverted:
            return None
        return money.total(point for point in points if point is not None)


def build_panels(
    chosen: DashboardFilterSet, selection: Selection, totals: Totals, axis: Axis
) -> list[Panel]:
    counts = chosen.data["measure"] == "count"
    if not chosen.is_on("detail"):
        return [Panel("", selection, totals, axis, counts)]
    return [
        Panel(
            each,
            selection.replace(arrival_currency=each),
            totals.select_arrival_currency(each),
            axis,
            counts,
        )
        for each in totals.currencies
    ]


def panel_series(chosen: DashboardFilterSet, panel: Panel) -> Iterator[TransactionSeries]:
    if chosen.is_on("total"):
        yield panel.series(chosen.total_label, TOTAL)
    by_system = totals_by_system(chosen, panel)
    own = largest_systems(by_system, panel)
    for system in by_system:
        if system in own:
            yield panel.series(system.name, system.style, system)
    if gathered := [system for system in by_system if system not in own]:
        label = _("Others (%(count)s)") % {"count": len(gathered)}
        yield panel.series(label, REST, *gathered)


def totals_by_system(chosen: DashboardFilterSet, panel: Panel) -> dict[System, Totals]:
    totals, nothing = panel.totals.by_payment_system, replace(panel.totals, groups=())
    return {
        system: totals.get(system.code, nothing)
        for system in chosen.payment_systems
        if system.code in chosen.chosen_systems and (system.code in totals or not panel.name)
    }


def largest_systems(by_system: dict[System, Totals], panel: Panel) -> list[System]:
    """Return the systems drawn by themselves. The others are none, or at least two."""
    if len(by_system) <= MAX_OWN_SERIES + 1:
        return list(by_system)

    def size(system: System) -> tuple[Decimal, int]:
        """Rank equals, such as unknown sums, by their number of transactions."""
        totals = by_system[system]
        return panel.size(totals), totals.count

    return sorted(by_system, key=size, reverse=True)[:MAX_OWN_SERIES]
