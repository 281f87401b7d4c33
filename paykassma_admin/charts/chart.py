"""The adapter of django-chartjs to Chart.js 4: series of numbers by day, as JSON."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Any
from zlib import crc32

from chartjs.views.lines import BaseLineChartView
from django.utils.translation import gettext as _

from paykassma_admin.charts.steps import Axis
from paykassma_admin.charts.styles import Style
from paykassma_admin.figures import figures
from paykassma_admin.formats import DASH, number
from paykassma_admin.values import money


@dataclass(frozen=True, kw_only=True)
class Series:
    label: str
    # Unrounded: what they add up to is rounded when it is shown. None is not known, and no zero.
    points: tuple[Decimal | None, ...]
    total: Decimal | None
    unconverted: int = 0  # how many transactions `total` misses
    missing: tuple[int, ...] = ()  # how many each point misses, where any does
    currency: str  # of the points; "" where they are counts
    panel: str  # series of one panel share an axis; another currency is another panel
    style: Style
    gathers: tuple[Style, ...] = ()  # of those that have no series of their own

    @property
    def unit(self) -> str:
        """Return the currency of what is summed or counted; "" for counts of all currencies."""
        return self.currency or self.panel

    @property
    def places(self) -> int:
        return money.places(self.currency) if self.currency else 0

    @property
    def notes(self) -> list[str]:
        return [unconverted_note(n) for n in self.missing]

    def format_points(self) -> list[str]:
        amounts = [*self.points, self.total]
        known = iter(figures((a for a in amounts if a is not None), self.currency))
        return [DASH if amount is None else next(known) for amount in amounts]


def unconverted_note(count: int) -> str:
    """Return words for rows that a sum misses; "" where it misses none."""
    return _("not converted: %(shown)s") % {"shown": number(count)} if count else ""


@dataclass(frozen=True)
class Chart[S: Series]:
    axis: Axis
    series: list[S]

    @property
    def slots(self) -> list[date]:
        return self.axis.slots

    @property
    def panels(self) -> dict[str, str]:
        return {series.panel: series.unit for series in self.series}

    @property
    def fingerprint(self) -> str:
        """Return what differs where another chart of the same address has other numbers."""
        sums = [
            f"{series.label} {money.json_text(series.total)} {series.unconverted}"
            for series in self.series
        ]
        return f"{crc32(repr([*self.axis.slots[:1], *self.axis.slots[-1:], *sums]).encode()):08x}"


class ChartView(BaseLineChartView):
    """JSON: `{"labels": [ISO days or hours], "datasets": [{"label", "data", …}], "step", …}`."""

    @abstractmethod
    def get_chart(self) -> Chart[Any]:
        pass

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The stock context holds the view itself, as text.
        self.chart = self.get_chart()
        return {
            "labels": self.get_labels(),
            "datasets": self.get_datasets(),
            "step": self.chart.axis.step,
            "titles": self.chart.axis.titles,
            "notes": self.chart.axis.notes,
            "events": self.chart.axis.event_places,
            "unfinished": self.chart.axis.unfinished_in_words,
            "fingerprint": self.chart.fingerprint,
        }

    def get_labels(self) -> list[str]:
        return self.chart.axis.labels

    def get_providers(self) -> list[str]:
        return [series.label for series in self.chart.series]

    def get_data(self) -> list[list[str | None]]:
        return [[money.json_text(point) for point in series.points] for series in self.chart.series]

    def get_colors(self) -> Iterator[tuple[()]]:
        """Return nothing: the browser has the palette of the current theme."""
        return repeat(())

    def get_dataset_options(self, index: int, color: Any) -> dict[str, Any]:
        series = self.chart.series[index]
        return {
            "currency": series.currency,
            "places": series.places,
            "panel": series.panel,
            "style": asdict(series.style),
            "firstUnfinished": self.chart.axis.first_unfinished,
            "notes": series.notes,
        }
