"""`dev.py bench`: sets up, generates, measures, tells, and leaves nothing behind."""

import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg

from devtools.benchmarks.goals import Measured, NotMeasurable
from devtools.benchmarks.ground import benchmark_databases
from devtools.benchmarks.measurements import (
    crossing,
    crowds,
    dashboard,
    export,
    finding,
    growth,
    importing,
    lists,
    weight,
)
from devtools.benchmarks.report import (
    print_floors,
    print_heading,
    print_line,
    print_missing,
    print_verdict,
)
from devtools.benchmarks.site import Site
from devtools.setup.environment import CommandFailed

GOALS: dict[str, Callable[[Site], Iterator[Measured]]] = {
    "G1": lists.default_week,
    "G2": lists.by_identifier,
    "G3": lists.pages,
    "G4": lists.by_counterparty,
    "G5": dashboard.week,
    "G6": dashboard.year,
    "G7": lists.whole_year,
    "G8": crowds.lists,
    "G9": export.export,
    "G10": importing.importing,
    "G11": crossing.crossing,
    "G12": growth.growth,
    "G13": crowds.yearly_dashboards,
    "G14": weight.weight,
    "G15": finding.by_identifier,
    "G16": finding.by_counterparty,
    "G17": finding.by_amount,
    "G18": finding.transaction,
    "G19": finding.why,
}
FAILURES = (NotMeasurable, CommandFailed, OSError, psycopg.Error)


def bench(*, rows: int, only: Sequence[str], seconds: float, keep: Path | None) -> int:
    """Return the exit code: 1 if a goal is not met."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        database, smaller = closing.enter_context(benchmark_databases(rows, keep))
        site = Site(database, smaller, rows, seconds, folder, closing)
        print_heading(site)
        print_floors(site)
        not_met = [name for name in GOALS if name in only and not is_met(name, site)]
    print_verdict(not_met)
    return 1 if not_met else 0


def is_met(goal: str, site: Site) -> bool:
    try:
        lines = [print_measured(goal, line) for line in GOALS[goal](site)]
    except FAILURES as failure:
        print_missing(goal, " ".join(str(failure).split()))
        return False
    return all(line.is_met or line.is_undecided for line in lines)


def print_measured(goal: str, line: Measured) -> Measured:
    print_line(goal, line)
    return line
