"""A card's figure along the period: the chart's points, as a small picture and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboard.charts import Panel, days_axis
from dashboard.filters import DashboardFilterSet
from dashboard.summary import Card, Summary
from paykassma_admin.charts.steps import Axis, Step
from paykassma_admin.formats import money, number
from transactions.selection import Selection
from transactions.totals.result import Totals

WIDTH, HEIGHT = 96, 28
EDGE = 2  # for the width of the line
LEAST_POINTS = 3


@dataclass(frozen=True)
class Sparkline:
    axis: Axis
    points: Sequence[Decimal | None]
    currency: str  # "" of counts

    @property
    def is_drawn(self) -> bool:
        return len(self.points) >= LEAST_POINTS and any(self.points)

    @property
    def finished_path(self) -> str:
        """Return the path of an SVG through what is over."""
        return self._path(range(self.axis.first_unfinished))

    @property
    def unfinished_path(self) -> str:
        """Return the way on from the last point that is over."""
        return self._path(range(max(0, self.axis.first_unfinished - 1), len(self.points)))

    def _path(self, places: Sequence[int]) -> str:
        """Lift the pen over points that are not known."""
        is_down, parts = False, []
        for place in places:
            if (point := self.points[place]) is not None:
                parts.append(f"{'L' if is_down else 'M'}{self._x(place):.1f},{self._y(point):.1f}")
            is_down = point is not None
        return "".join(parts)

    def _x(self, place: int) -> float:
        return EDGE + place * (WIDTH - 2 * EDGE) / (len(self.points) - 1)

    def _y(self, point: Decimal) -> float:
        share = float(point / max(self._known_points))
        return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)

    @property
    def _known_points(self) -> list[Decimal]:
        return [point for point in self.points if point is not None]

    @property
    def unknown(self) -> int:
        return len(self.points) - len(self._known_points)

    @property
    def lowest(self) -> str:
        return self._amount_text(min(self._known_points))

    @property
    def highest(self) -> str:
        return self._amount_text(max(self._known_points))

    @property
    def highest_slot(self) -> str:
        return self.axis.titles[list(self.points).index(max(self._known_points))]

    def _amount_text(self, amount: Decimal) -> str:
        return money(amount, self.currency) if self.currency else number(int(amount))


@dataclass(frozen=True)
class Sparklines:
    sum: Sparkline
    count: Sparkline


def pay_in_lines(
    chosen: DashboardFilterSet, summary: Summary, hours: tuple[Axis, Totals] | None
) -> Sparklines:
    """Draw the hours if they were added up for the chart of the same transactions."""
    axis, totals = hours or (days_axis(chosen), summary.pay_ins.totals)
    return Sparklines(*lines(summary.pay_ins.selection, axis, totals))


def lines(selection: Selection, axis: Axis, totals: Totals) -> Iterator[Sparkline]:
    for counts in (False, True):
        panel = Panel("", selection, totals, axis, counts)
        yield Sparkline(axis, panel.points(totals), "" if counts else totals.currency)


def withdrawals_line(week: Card) -> Sparkline:
    """Draw the week before today, and today."""
    period = week.selection.period
    if period.last is None:
        raise ValueError("a week has a last day")
    axis = Axis.from_days(period, Step.DAY, period.last)
    return next(lines(week.selection, axis, week.totals))
