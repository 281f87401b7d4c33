"""The numbers of the chart as a table, each linked to its transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import starmap
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from dashboard.charts import TransactionSeries
from dashboard.filters import STEP_NAMES
from paykassma_admin.charts.chart import Chart
from paykassma_admin.charts.steps import Step
from paykassma_admin.figures import breakable
from transactions.selection import Selection, slot_query

TITLES = {
    Step.HOUR: _("Table by hour"),
    Step.DAY: _("Table by day"),
    Step.WEEK: _("Table by week"),
    Step.MONTH: _("Table by month"),
}


class ColumnTotal(NamedTuple):
    """The total of a column and its address; count and address of what it misses."""

    figure: SafeString
    address: str
    unconverted: int
    not_converted: str


@dataclass(frozen=True)
class DayTable:
    chart: Chart[TransactionSeries]
    selection: Selection  # of what the chart adds up

    @property
    def title(self) -> str:
        return str(TITLES[self.chart.axis.step])

    @property
    def slot_heading(self) -> str:
        return str(STEP_NAMES[self.chart.axis.step])

    @property
    def unit(self) -> str:
        """The currency of all columns; "" where each has its own, or none."""
        return self.chart.panels.get("", "")

    @property
    def headings(self) -> list[str]:
        return [
            f"{series.label}, {series.panel}" if series.panel else series.label
            for series in self.chart.series
        ]

    @property
    def body(self) -> SafeString:
        """Return the rows in HTML, built in Python: a year is too much for a template's loop."""
        days = self._slot_links(self.selection, escape_all(self.chart.axis.titles))
        columns = zip(self.chart.series, self._columns, strict=True)
        cells = [
            add_notes(self._slot_links(series.selection, figures), series.notes)
            for series, figures in columns
        ]
        lines = zip(*cells, strict=True)
        rows = zip(days, self._slot_notes(), lines, strict=True)
        return SafeString("".join(table_row(*parts) for parts in rows))

    def _slot_links(self, selection: Selection, shown: list[str]) -> list[str]:
        """Link the figure of each slot, not the total at the end. Figures need no escaping."""
        address = escape(selection.address_without_days)
        pairs = zip(self._slot_queries, shown, strict=False)
        return [f'<a href="{address}{days}">{breakable(figure)}</a>' for days, figure in pairs]

    @cached_property
    def _slot_queries(self) -> list[str]:
        return escape_all(starmap(slot_query, self.chart.axis.spans()))

    def _slot_notes(self) -> list[str]:
        notes = self.chart.axis.notes
        return [f"<small>{escape(note)}</small>" if note else "" for note in notes]

    @property
    def totals(self) -> list[str]:
        return [column[-1] for column in self._columns]

    @property
    def column_totals(self) -> list[ColumnTotal]:
        return [
            ColumnTotal(
                breakable(figure),
                series.address,
                series.unconverted,
                series.not_converted,
            )
            for figure, series in zip(self.totals, self.chart.series, strict=True)
        ]

    @cached_property
    def _columns(self) -> list[list[str]]:
        return [series.format_points() for series in self.chart.series]


def add_notes(cells: list[str], notes: list[str]) -> list[str]:
    if not any(notes):
        return cells
    pairs = zip(cells, notes, strict=True)
    return [f"{cell} <small>{escape(note)}</small>" if note else cell for cell, note in pairs]


def escape_all(texts: Iterable[str]) -> list[str]:
    return escape("\n".join(texts)).split("\n")


def table_row(day: str, note: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{day} {note}</th><td>{"</td><td>".join(cells)}</td></tr>'
