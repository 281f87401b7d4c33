"""The numbers of the chart as a table: each day leads to its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from paykassma_admin.charts import Chart
from transactions.selection import Selection


@dataclass(frozen=True)
class Row:
    day: date
    address: str
    is_unfinished: bool
    figures: list[str]


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
        for index, day in enumerate(self.chart.days):
            figures = [series.written(series.points[index]) for series in self.chart.series]
            address = self.selection.on_days(day, day).address
            yield Row(day, address, index == self.chart.unfinished, figures)

    @property
    def totals(self) -> list[str]:
        return [series.written(series.total()) for series in self.chart.series]
