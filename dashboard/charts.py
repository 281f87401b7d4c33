"""The series of the two tabs, out of the same totals as the numbers above them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from dashboard.filters import DashboardFilterSet
from paykassma_admin.charts import Chart, Series
from paykassma_admin.periods import today
from transactions.selection import Selection
from transactions.totals import Total, Totals


def selection_of_tab(chosen: DashboardFilterSet) -> Selection:
    everything = chosen.selection
    if chosen.data["tab"] == "withdrawals":
        return everything.withdrawals()
    return everything.pay_ins()


def chart_of(chosen: DashboardFilterSet, totals: Totals) -> Chart:
    """Of a valid form, and the totals of its tab."""
    days = chosen.period.days()
    now = today(chosen.zone)
    series = [each for panel in panels(chosen, totals) for each in series_of(chosen, panel, days)]
    return Chart(days, series, days.index(now) if now in days else None)


def panels(chosen: DashboardFilterSet, totals: Totals) -> list[Totals]:
    """One, converted; or in detail one for each currency of arrival, as it arrived."""
    if chosen.is_on("detail"):
        return [totals.arrived_in(currency) for currency in totals.currencies]
    return [totals]


def series_of(chosen: DashboardFilterSet, panel: Totals, days: list[date]) -> Iterator[Series]:
    if chosen.is_on("total"):
        yield line(chosen, panel, total_label(chosen), panel, days, colour=None)
    for colour, (code, name) in enumerate(chosen.payment_systems):
        part = panel.of_payment_system(code)
        # In detail a payment system stands only in the panels of its own currencies.
        if code in chosen.systems_chosen and (part.groups or not chosen.is_on("detail")):
            yield line(chosen, panel, name, part, days, colour=colour)


def total_label(chosen: DashboardFilterSet) -> str:
    return _("All withdrawals") if chosen.data["tab"] == "withdrawals" else _("All transactions")


def line(
    chosen: DashboardFilterSet,
    panel: Totals,
    label: str,
    totals: Totals,
    days: list[date],
    *,
    colour: int | None,
) -> Series:
    counts = chosen.data["measure"] == "count"
    by_day = totals.by_day()
    nothing = Total(Decimal(0), totals.currency, 0)
    found = [by_day.get(day, nothing) for day in days]
    points = tuple(Decimal(total.count) if counts else total.amount for total in found)
    detail = chosen.is_on("detail")
    return Series(
        label,
        points,
        currency="" if counts else panel.currency,
        panel=panel.currency if detail else "",
        colour=colour,
    )
