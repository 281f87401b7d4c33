"""The numbers of the chart as a table: each day leads to its transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.charts import Chart
from paykassma_admin.formats import day
from transactions.selection import Selection


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
    def body(self) -> SafeString:
        """Written in one pass: a year has thousands of figures, too many for a template's loop."""
        addresses = escaped(self.selection.addresses_by_day(self.chart.days))
        days = escaped(map(day, self.chart.days))
        lines = zip(*self._columns, strict=True)  # of figures, in which there is nothing to escape
        rows = zip(addresses, days, self._notes(), lines, strict=False)  # the last line is no day's
        return SafeString("".join(row(*parts) for parts in rows))

    def _notes(self) -> list[str]:
        """Beside each day: one of them may be unfinished."""
        notes = [""] * len(self.chart.days)
        if self.chart.unfinished is not None:
            words = _("unfinished, %(until)s") % {"until": self.chart.until}
            notes[self.chart.unfinished] = f"<small>{escape(words)}</small>"
        return notes

    @property
    def totals(self) -> list[str]:
        return [column[-1] for column in self._columns]

    @cached_property
    def _columns(self) -> list[list[str]]:
        """A figure of each day, and in the end what all days come to."""
        return [series.written() for series in self.chart.series]


def escaped(texts: Iterable[str]) -> list[str]:
    """As one text: a year has hundreds."""
    return escape("\n".join(texts)).split("\n")


def row(address: str, day: str, note: str, figures: Iterable[str]) -> str:
    return (
        f'<tr><th scope="row"><a href="{address}">{day}</a> {note}</th>'
        f"<td>{'</td><td>'.join(figures)}</td></tr>"
    )
