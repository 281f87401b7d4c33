"""The legend of the chart, which is the choice of its payment systems too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from dashboard.filters import DashboardFilterSet, System
from paykassma_admin.charts import Chart, Series
from paykassma_admin.series_styles import REST, TOTAL, Style


@dataclass(frozen=True)
class Entry:
    system: System
    is_chosen: bool
    is_gathered: bool  # it has a part in the rest, and no series of its own

    @property
    def style(self) -> Style:
        """Of the series that it is found in."""
        return REST if self.is_gathered else self.system.style


@dataclass(frozen=True)
class Legend:
    entries: list[Entry]
    rest: str  # what the series of those that are gathered is called; "" without one
    total_style: ClassVar[Style] = TOTAL
    rest_style: ClassVar[Style] = REST


def legend_of(chosen: DashboardFilterSet, chart: Chart | None) -> Legend:
    """`chart` is None where the address is wrong."""
    series = chart.series if chart else []
    gathered = {style for each in series for style in each.gathers}
    gathered -= {each.style for each in series}
    entries = [
        Entry(system, system.code in chosen.systems_chosen, system.style in gathered)
        for system in chosen.payment_systems
    ]
    return Legend(entries, rest_of(series))


def rest_of(series: list[Series]) -> str:
    """In detail each panel may gather another number of them."""
    labels = {each.label for each in series if each.style == REST}
    return labels.pop() if len(labels) == 1 else _("Others") * bool(labels)
