from collections.abc import Iterator

from devtools.benchmarks.goals import Measured, at_least
from devtools.benchmarks.measurements.lists import beside_empty, the_tutorial_way, times_floor
from devtools.benchmarks.site import CHART, DASHBOARD, YEAR, Site, address


def week(site: Site) -> Iterator[Measured]:
    yield times_floor(site, "dashboard, week", address(DASHBOARD), 2.5)
    yield beside_empty(site, DASHBOARD)
    yield times_floor(site, "its /chart.json", address(CHART), 2)
    yield the_tutorial_way(site, address(DASHBOARD))


def year(site: Site) -> Iterator[Measured]:
    path = address(DASHBOARD, days=YEAR)
    yield times_floor(site, "dashboard, year", path, 5)
    yield beside_empty(site, DASHBOARD, YEAR)
    yield times_floor(site, "its /chart.json", address(CHART, days=YEAR), 4)
    ours, aggregating = site.take_few_turns((site.visitor, path), (site.tutorial, path))
    figure = f"{aggregating.p50:.2f} s, ours {ours.p50 * 1000:.1f} ms"
    ratio = aggregating.p50 / ours.p50
    yield Measured("  than aggregating the rows", figure, ratio, at_least(100))
