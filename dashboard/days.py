"""The numbers of the chart as a table: each of them leads to its transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.charts import Drawn
from paykassma_admin.charts import Chart
from paykassma_admin.formats import slot
from transactions.selection import Selection


class LinkedTotal(NamedTuple):
    """What a column comes to, and the address of its transactions; and of those that it misses."""

    figure: str
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
        days = zip(self._links(self.selection), escaped(map(slot, self.chart.slots)), strict=True)
        lines = zip(*self._cells(), strict=True)
        rows = zip(days, self._notes(), lines, strict=True)
        return SafeString("".join(row(*of_day, note, cells) for of_day, note, cells in rows))

    def _links(self, selection: Selection) -> list[str]:
        return escaped(selection.addresses_at(self.chart.slots))

    def _cells(self) -> Iterator[Iterator[str]]:
        """Column by column. In figures there is nothing to escape."""
        for series, figures in zip(self.chart.series, self._columns, strict=True):
            links = self._links(series.selection)
            yield map(link, links, figures)  # without the last figure, which is no day's

    def _notes(self) -> list[str]:
        """Beside each day: one of them may be unfinished."""
        notes = [""] * len(self.chart.slots)
        if self.chart.unfinished is not None:
            words = _("unfinished, %(until)s") % {"until": self.chart.until}
            notes[self.chart.unfinished] = f"<small>{escape(words)}</small>"
        return notes

    @property
    def totals(self) -> list[str]:
        return [column[-1] for column in self._columns]

    @property
    def linked_totals(self) -> list[LinkedTotal]:
        return [
            LinkedTotal(figure, series.selection.address, series.unconverted, series.not_converted)
            for figure, series in zip(self.totals, self.chart.series, strict=True)
        ]

    @cached_property
    def _columns(self) -> list[list[str]]:
        """A figure of each day, and in the end what all days come to."""
        return [series.written() for series in self.chart.series]


def escaped(texts: Iterable[str]) -> list[str]:
    """As one text: a year has hundreds."""
    return escape("\n".join(texts)).split("\n")


def link(address: str, figure: str) -> str:
    return f'<a href="{address}">{figure}</a>'


def row(address: str, day: str, note: str, cells: Iterable[str]) -> str:
    return (
        f'<tr><th scope="row">{link(address, day)} {note}</th>'
        f"<td>{'</td><td>'.join(cells)}</td></tr>"
    )
