"""The one adapter of django-chartjs to Chart.js 4: series of numbers by day, as JSON."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Any

from chartjs.views.lines import BaseLineChartView
from django.http import HttpResponse

from paykassma_admin.money import json_number


@dataclass(frozen=True)
class Series:
    """One line of a chart, or one colour of its bars."""

    label: str
    points: tuple[Decimal, ...]  # unrounded: what they add up to is rounded when it is shown
    currency: str  # of the points; "" where they are counts
    panel: str  # series of one panel share an axis; another currency is another panel
    colour: int | None  # which of the palette; None for the total


@dataclass(frozen=True)
class Chart:
    days: list[date]
    series: list[Series]
    unfinished: int | None  # which of the days is today

    @property
    def panels(self) -> list[str]:
        return list(dict.fromkeys(series.panel for series in self.series))

    @property
    def by_day(self) -> list[tuple[date, list[tuple[Series, Decimal]]]]:
        """Rows of the same numbers as a table: a day, and each series with its point."""
        return [
            (day, [(series, series.points[index]) for series in self.series])
            for index, day in enumerate(self.days)
        ]


class ChartView(BaseLineChartView):
    """`{"labels": [ISO days], "datasets": [{"label", "data", …}]}`, kept by no cache."""

    @abstractmethod
    def get_chart(self) -> Chart:
        """What is to be drawn."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The stock context holds the view itself, as text.
        self.chart = self.get_chart()
        return {"labels": self.get_labels(), "datasets": self.get_datasets()}

    def get_labels(self) -> list[str]:
        return [day.isoformat() for day in self.chart.days]

    def get_providers(self) -> list[str]:
        return [series.label for series in self.chart.series]

    def get_data(self) -> list[list[float | None]]:
        return [[json_number(point) for point in series.points] for series in self.chart.series]

    def get_colors(self) -> Iterator[tuple[()]]:
        """None: the browser has the palette, in the theme that is shown."""
        return repeat(())

    def get_dataset_options(self, index: int, color: Any) -> dict[str, Any]:
        series = self.chart.series[index]
        return {
            "currency": series.currency,
            "panel": series.panel,
            "colour": series.colour,
            "unfinished": self.chart.unfinished,
        }

    def get_json_response(self, content: str, **kwargs: Any) -> HttpResponse:
        headers = {"Cache-Control": "private, no-store"}
        return HttpResponse(content, content_type="application/json", headers=headers, **kwargs)
