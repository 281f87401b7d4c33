import os
from collections.abc import Sequence

from devtools.benchmarks.goals import Measured
from devtools.benchmarks.site import FLOOR, FLOOR_BEFORE, Site

LINE = "{goal:<4} {what:<44} {figure:<46} {ratio:<20} {limit:<12} {outcome}"


def print_heading(site: Site) -> None:
    load, _, _ = os.getloadavg()
    print(
        f"\n{site.rows:,} transactions, {os.cpu_count()} cores, load {load:.1f} at the start,"
        f" {site.seconds:g} s a measurement. Figures are the largest Client's.\n"
    )
    names = ("goal", "what", "figure", "ratio", "limit", "outcome")
    print(LINE.format(**{name: name for name in names}), flush=True)


def print_floors(site: Site) -> None:
    floor, before = site.take_turns((site.visitor, FLOOR), (site.visitor, FLOOR_BEFORE))
    print(f"Floor: {FLOOR} {floor}; that of before, {FLOOR_BEFORE}, {before}.", flush=True)


def print_line(goal: str, line: Measured) -> None:
    ratio = "" if line.ratio is None else f"{line.ratio:,.2f}"
    if line.interval:
        ratio += " [{:.2f}, {:.2f}]".format(*line.interval)
    limit = "" if line.limit is None else str(line.limit)
    texts = {"what": line.what, "figure": line.figure, "outcome": line.outcome}
    print(LINE.format(goal=goal, ratio=ratio, limit=limit, **texts), flush=True)


def print_missing(goal: str, reason: str) -> None:
    print(f"{goal:<4} not measured: {reason}", flush=True)


def print_verdict(not_met: Sequence[str]) -> None:
    print(f"\nNot met: {', '.join(not_met)}." if not_met else "\nAll met.", flush=True)
