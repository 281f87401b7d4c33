"""A card's figure along the period: the chart's points, as a small picture and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

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
    missing: Sequence[int] = ()  # transactions that a point's sum misses, if any does

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
    def incomplete(self) -> int:
        return sum(map(bool, self.missing)) - self.unknown

    @cached_property
    def whole_points(self) -> dict[int, Decimal]:
        """Return by place the points that miss nothing and have begun, or have rows before that."""
        return {
            place: point
            for place, point in enumerate(self.points)
            if point is not None
            and not (self.missing and self.missing[place])
            and (place <= self.axis.first_unfinished or point)
        }

    @property
    def lowest(self) -> str:
        return self._amount_text(min(self.whole_points.values()))

    @property
    def highest(self) -> str:
        return self._amount_text(max(self.whole_points.values()))

    @property
    def highest_slot(self) -> str:
        return self.axis.titles[max(self.whole_points, key=self.whole_points.__getitem__)]

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
        missing = () if counts else panel.missing(totals)
        yield Sparkline(axis, panel.points(totals), "" if counts else totals.currency, missing)


def withdrawals_line(week: Card) -> Sparkline:
    """Draw the week before today, and today."""
    period = week.selection.period
    if period.last is None:
        raise ValueError("a week has a last day")
    axis = Axis.from_days(period, Step.DAY, period.last)
    return next(lines(week.selection, axis, week.totals))
