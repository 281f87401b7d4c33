"""The numbers of the chart as a table: each of them leads to its transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.charts import Drawn
from paykassma_admin.charts.chart import Chart
from paykassma_admin.figures import breakable
from paykassma_admin.formats import slot
from transactions.selection import Selection, slot_query


class LinkedTotal(NamedTuple):
    """What a column comes to, and the address of its transactions; and of those that it misses."""

    figure: SafeString
    address: str
    unconverted: int
    not_converted: str


@dataclass(frozen=True)
class DayTable:
    chart: Chart[Drawn]
    selection: Selection  # of what the chart adds up

    @property
    def title(self) -> str:
        return _("Table by hour") if self.chart.is_by_hour else _("Table by day")

    @property
    def slot_heading(self) -> str:
        return _("Hour") if self.chart.is_by_hour else _("Day")

    @property
    def unit(self) -> str:
        """Of all columns; "" where each has its own, or none."""
        return self.chart.panels.get("", "")

    @property
    def headings(self) -> list[str]:
        return [
            f"{series.label}, {series.panel}" if series.panel else series.label
            for series in self.chart.series
        ]

    @property
    def body(self) -> SafeString:
        """Written in one pass: a year has thousands of figures, too many for a template's loop."""
        days = self._links(self.selection, escaped(map(slot, self.chart.slots)))
        columns = zip(self.chart.series, self._columns, strict=True)
        cells = [
            with_notes(self._links(series.selection, figures), series.notes)
            for series, figures in columns
        ]
        lines = zip(*cells, strict=True)
        rows = zip(days, self._notes(), lines, strict=True)
        return SafeString("".join(row(*parts) for parts in rows))

    def _links(self, selection: Selection, shown: list[str]) -> list[str]:
        """Of each slot; what a column ends with is of all. In figures nothing is to be escaped."""
        address = escape(selection.address_without_days)
        pairs = zip(self._days_in_addresses, shown, strict=False)
        return [f'<a href="{address}{days}">{breakable(figure)}</a>' for days, figure in pairs]

    @cached_property
    def _days_in_addresses(self) -> list[str]:
        return escaped(map(slot_query, self.chart.slots))

    def _notes(self) -> list[str]:
        """Beside each day: one of them may be unfinished."""
        notes = [""] * len(self.chart.slots)
        if self.chart.unfinished is not None:
            words = escape(self.chart.unfinished_in_words)
            notes[self.chart.unfinished] = f"<small>{words}</small>"
        return notes

    @property
    def totals(self) -> list[str]:
        return [column[-1] for column in self._columns]

    @property
    def linked_totals(self) -> list[LinkedTotal]:
        return [
            LinkedTotal(
                breakable(figure),
                series.selection.address,
                series.unconverted,
                series.not_converted,
            )
            for figure, series in zip(self.totals, self.chart.series, strict=True)
        ]

    @cached_property
    def _columns(self) -> list[list[str]]:
        """A figure of each day, and in the end what all days come to."""
        return [series.written() for series in self.chart.series]


def with_notes(cells: list[str], notes: list[str]) -> list[str]:
    """Say beside a sum what it misses: it would pass for that of the whole day."""
    if not any(notes):
        return cells
    pairs = zip(cells, notes, strict=True)
    return [f"{cell} <small>{escape(note)}</small>" if note else cell for cell, note in pairs]


def escaped(texts: Iterable[str]) -> list[str]:
    """As one text: a year has hundreds."""
    return escape("\n".join(texts)).split("\n")


def row(day: str, note: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{day} {note}</th><td>{"</td><td>".join(cells)}</td></tr>'
