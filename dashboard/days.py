"""The numbers of the chart as a table: each day leads to its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.charts import Chart
from paykassma_admin.formats import day
from transactions.selection import Selection


@dataclass(slots=True)  # frozen, hundreds of them take three times as long to make
class Row:
    day: date
    address: str
    until: str  # how far an unfinished day goes, in words
    figures: list[str]

    def html(self) -> str:
        # Escaped as one text: there are thousands of cells.
        cells = escape("\n".join([self.address, day(self.day), *self.figures]))
        address, on, *figures = cells.split("\n")
        note = f"<small>{escape(self.until)}</small>" if self.until else ""
        return (
            f'<tr><th scope="row"><a href="{address}">{on}</a> {note}</th>'
            f"<td>{'</td><td>'.join(figures)}</td></tr>"
        )


@dataclass(frozen=True)
class DayTable:
    chart: Chart
    selection: Selection  # of what the chart adds up

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
    def rows(self) -> Iterator[Row]:
        unfinished = _("unfinished, %(until)s") % {"until": self.chart.until}
        addresses = self.selection.addresses_by_day(self.chart.days)
        lines = zip(self.chart.days, addresses, self._lines, strict=False)
        for index, (on, address, figures) in enumerate(lines):
            yield Row(on, address, unfinished * (index == self.chart.unfinished), figures)

    @property
    def body(self) -> SafeString:
        """Written in one pass: a year has thousands of figures, too many for a template's loop."""
        return SafeString("".join(row.html() for row in self.rows))

    @property
    def totals(self) -> list[str]:
        return self._lines[-1]

    @cached_property
    def _lines(self) -> list[list[str]]:
        """A figure of each series: by day, and in the end what all days come to."""
        columns = [series.written() for series in self.chart.series]
        return [list(line) for line in zip(*columns, strict=True)]
