"""The points of the chart as a CSV file, unrounded."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext as _

from dashboard.charts import TransactionSeries
from paykassma_admin.charts.chart import Chart
from paykassma_admin.charts.steps import Axis, Step
from paykassma_admin.exports.csv import BYTE_ORDER_MARK
from paykassma_admin.exports.formulas import escape_cells, escape_text
from paykassma_admin.values import money


def chart_file(chart: Chart[TransactionSeries]) -> bytes:
    columns = [*axis_columns(chart.axis)]
    for series in chart.series:
        columns += series_columns(series)
    columns.append([_("Remark"), *map(escape_text, chart.axis.notes)])
    lines = [csv_line(row) for row in zip(*columns, strict=True)]
    return BYTE_ORDER_MARK.encode() + escape_cells(lines)


def axis_columns(axis: Axis) -> Iterator[list[str]]:
    """Yield the first day and the last one of each point; of hours their beginnings."""
    if axis.is_coarse:
        yield [_("First day"), *axis.labels]
        yield [_("Last day"), *map(str, axis.ends)]
    else:
        yield [_("Hour") if axis.step is Step.HOUR else _("Day"), *axis.labels]


def series_columns(series: TransactionSeries) -> Iterator[list[str]]:
    """Yield the points, and how many transactions each of them misses, if any does."""
    heading = f"{series.label}, {series.unit}" if series.unit else series.label
    yield [escape_text(heading), *(money.json_text(point) or "" for point in series.points)]
    if series.missing:
        missing = [str(n) for n in series.missing]
        yield [escape_text(_("%(name)s, not converted") % {"name": heading}), *missing]


def csv_line(row: tuple[str, ...]) -> bytes:
    line = StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(row)
    return line.getvalue().encode()
