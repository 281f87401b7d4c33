"""Growth from a tenth of the rows to all of them: G12."""

from collections.abc import Iterator

from devtools.benchmarks.database import Database
from devtools.benchmarks.goals import Measured, at_most
from devtools.benchmarks.measurements.lists import REGULAR, newest
from devtools.benchmarks.site import DASHBOARD, LIST, YEAR, Site, address

TIMES = {
    "list, week": 1.25,
    "label, year": 1.25,
    "number, year": 1.25,
    "dashboard, week": 1.5,
    "dashboard, year": 2.5,
}


def growth(site: Site) -> Iterator[Measured]:
    smaller = site.visit(site.smaller.project)
    before, now = addresses(site.smaller), addresses(site.database)
    for what, most in TIMES.items():
        smaller.get_rows(before[what])
        site.visitor.get_rows(now[what])
        all_, tenth = site.take_turns((site.visitor, now[what]), (smaller, before[what]))
        figure = f"{all_}, with a tenth {tenth.p50 * 1000:.1f}"
        yield Measured(f"growth of {what}", figure, all_.p50 / tenth.p50, at_most(most))


def addresses(database: Database) -> dict[str, str]:
    _label, _order_number, number = newest(database)
    return {
        "list, week": address(LIST),
        "label, year": address(LIST, days=YEAR, label=REGULAR),
        "number, year": address(LIST, days=YEAR, transaction_id=number),
        "dashboard, week": address(DASHBOARD),
        "dashboard, year": address(DASHBOARD, days=YEAR),
    }
