from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.charts import TransactionSeries
from dashboard.filters import DashboardFilterSet, System
from paykassma_admin.charts.chart import Chart, unconverted_note
from paykassma_admin.charts.styles import REST, TOTAL, Style
from paykassma_admin.figures import breakable


class Sum(NamedTuple):
    figure: SafeString
    address: str
    note: str  # what it misses


@dataclass(frozen=True)
class Entry:
    system: System
    is_chosen: bool
    is_gathered: bool  # it has a part in the rest, and no series of its own
    sums: list[Sum]  # one, or in detail one for each currency
    is_alone: bool  # nothing else is drawn
    address: str  # of the chart with it alone; if it is, with everything

    @property
    def style(self) -> Style:
        return REST if self.is_gathered else self.system.style


@dataclass(frozen=True)
class Legend:
    entries: list[Entry]
    rest: str  # what the series of those that are gathered is called; "" without one
    rest_sums: list[Sum]
    total_sums: list[Sum]
    total_kind: str  # line over the bars of others, too
    total_style: ClassVar[Style] = TOTAL
    rest_style: ClassVar[Style] = REST


def build_legend(chosen: DashboardFilterSet, chart: Chart[TransactionSeries] | None) -> Legend:
    """Accept None for `chart` where the address is wrong."""
    series = chart.series if chart else []
    gathered = {style for each in series for style in each.gathers}
    gathered -= {each.style for each in series}
    sums = sums_by_style(series)
    entries = [
        Entry(
            system,
            is_chosen=system.code in chosen.chosen_systems,
            is_gathered=system.style in gathered,
            sums=sums[system.style],
            is_alone=chosen.shows_only(system.code),
            address=chosen.address_of_only(system.code),
        )
        for system in chosen.payment_systems
    ]
    is_alone = all(each.style == TOTAL for each in series)
    total_kind = chosen.data["chart"] if is_alone else "line"
    return Legend(entries, rest_label(series), sums[REST], sums[TOTAL], total_kind)


def sums_by_style(series: list[TransactionSeries]) -> defaultdict[Style, list[Sum]]:
    sums: defaultdict[Style, list[Sum]] = defaultdict(list)
    for each in series:
        note = unconverted_note(each.unconverted)
        sums[each.style].append(Sum(format_sum(each), each.address, note))
    return sums


def format_sum(series: TransactionSeries) -> SafeString:
    figure = breakable(series.format_points()[-1])
    if series.currency and series.total is not None:
        return format_html("{}\N{NO-BREAK SPACE}{}", figure, series.currency)
    return format_html("{} ({})", figure, series.panel) if series.panel else figure


def rest_label(series: list[TransactionSeries]) -> str:
    labels = {each.label for each in series if each.style == REST}
    return labels.pop() if len(labels) == 1 else _("Others") * bool(labels)
