"""Many at once: G8 and G13."""

import time
from collections.abc import Iterator

from devtools.benchmarks.goals import Measured, at_least, at_most
from devtools.benchmarks.site import DASHBOARD, FLOOR, LIST, YEAR, Site, address
from devtools.benchmarks.timing import Crowd, Timing, requests_per_second, warm_up


def lists(site: Site) -> Iterator[Measured]:
    page, floor = requests_per_second(
        site.visitor,
        *(address(LIST), FLOOR),
        at_once=site.crowd,
        seconds=site.seconds,
        rounds=site.rounds,
    )
    figure = f"{page:.0f} requests/s, floor {floor:.0f}"
    yield Measured(f"list, week, {site.crowd} clients at once", figure, page / floor, at_least(0.4))


def yearly_dashboards(site: Site) -> Iterator[Measured]:
    """Judged by p95: a page that answers half of its visitors does not answer.

    Each comes on a connection of his own, to whichever worker takes it.
    """
    warm_up([(site.visitor, FLOOR)] * site.crowd, site.seconds)
    idle = newcomers(site)
    with Crowd(site.visitor, address(DASHBOARD, days=YEAR), site.crowd):
        crowded = newcomers(site)
    figure = f"{crowded}, idle {idle.p50 * 1000:.1f}"
    what = f"floor beside {site.crowd} yearly dashboards, p95"
    yield Measured(what, figure, crowded.p95 / idle.p50, at_most(10))


def newcomers(site: Site) -> Timing:
    taken: list[float] = []
    deadline = time.monotonic() + site.seconds
    while len(taken) < site.rounds or time.monotonic() < deadline:
        started = time.perf_counter()
        visitor = site.visitor.another()
        visitor.get(FLOOR)
        taken.append(time.perf_counter() - started)
        visitor.close()
    return Timing(taken)
