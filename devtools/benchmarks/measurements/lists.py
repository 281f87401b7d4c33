"""The list of transactions: G1 to G4 and G7, as the owner of the largest Client sees it."""

import re
from collections.abc import Iterator
from html import unescape

from devtools.benchmarks.database import Database
from devtools.benchmarks.generator.size import LAST_DAY
from devtools.benchmarks.goals import Limit, Measured, NotMeasurable, at_most
from devtools.benchmarks.site import (
    FLOOR,
    LIST,
    WEEK,
    YEAR,
    Site,
    address,
    empty_address,
)
from devtools.benchmarks.timing import Timing

NEWEST_OF_LARGEST = """
    select label, order_number, number from transactions_transaction
    where client_id = (select min(id) from clients_client)
        and label like 'user%%' and order_number <> '' and logged_at < %s
    order by logged_at desc limit 1
"""
REGULAR = "regular0"  # some 900 transactions, whatever the size
GUEST = "guest"  # one in a hundred of all


def beside_floor(site: Site, path: str) -> tuple[Timing, Timing]:
    site.visitor.get_rows(path)
    page, floor = site.take_turns((site.visitor, path), (site.visitor, FLOOR))
    return page, floor


def times_floor(site: Site, what: str, path: str, times: float) -> Measured:
    site.visitor.get_rows(path)
    return times_page(site, what, path, (FLOOR, "floor"), at_most(times))


def times_page(site: Site, what: str, path: str, other: tuple[str, str], limit: Limit) -> Measured:
    """Compare with the page at `other`'s address, which is called by its name."""
    beside, name = other
    (page, its), ratio = site.compare((site.visitor, path), (site.visitor, beside), limit)
    figure = f"{page}, {name} {its.p50 * 1000:.1f}"
    return Measured(what, figure, ratio.middle, limit, (ratio.low, ratio.high))


def the_tutorial_way(site: Site, path: str) -> Measured:
    page, floor = site.take_few_turns((site.tutorial, path), (site.visitor, FLOOR))
    return Measured("  the tutorial way", f"{page.p50 * 1000:.0f} ms", page.p50 / floor.p50)


def beside_empty(site: Site, path: str, days: int = WEEK) -> Measured:
    """Compare with the same page of days without a row: what is left is what the rows cost."""
    full, empty = address(path, days=days), empty_address(path, days)
    page, its = site.take_turns((site.visitor, full), (site.visitor, empty))
    figure = f"{page}, without rows {its.p50 * 1000:.1f}"
    return Measured("  beside the same page without rows", figure, page.p50 / its.p50)


def default_week(site: Site) -> Iterator[Measured]:
    yield times_floor(site, "list, week", address(LIST), 1.5)
    yield beside_empty(site, LIST)
    yield the_tutorial_way(site, address(LIST))


def by_identifier(site: Site) -> Iterator[Measured]:
    label, order_number, number = newest(site.database)
    for what, conditions in {
        "label": {"label": label},
        "label of a regular": {"label": REGULAR},
        "order number": {"order_number": order_number},
        "transaction number": {"transaction_id": number},
    }.items():
        path = address(LIST, days=YEAR, **conditions)
        yield times_floor(site, f"list by {what}, year", path, 1.5)
    page, floor = beside_floor(site, address(LIST, days=YEAR, label=GUEST))
    yield Measured("  by the label of a hundredth of all", str(page), page.p50 / floor.p50)
    yield the_tutorial_way(site, address(LIST, days=YEAR, label=label))


def newest(database: Database) -> tuple[str, str, str]:
    with database.connect() as connection:
        found = connection.execute(NEWEST_OF_LARGEST, [LAST_DAY]).fetchone()
    if found is None:
        raise NotMeasurable("the largest Client has no transactions")
    return str(found[0]), str(found[1]), str(found[2])


def pages(site: Site) -> Iterator[Measured]:
    first = address(LIST)
    second = link_on(site, first, "next")
    back = link_on(site, second, "prev")
    yield from beside_first(site, {"next page": second, "previous page": back}, first, 1.2)
    far, number = page_of(site, first, 1_000)
    yield from beside_first(site, {f"page {number:,}, week": far}, first, 1.5)
    of_year = address(LIST, days=YEAR)
    farther, number = page_of(site, of_year, 50_000)
    yield from beside_first(site, {f"page {number:,}, year": farther}, of_year, 1.25)


def beside_first(site: Site, paths: dict[str, str], first: str, times: float) -> Iterator[Measured]:
    for what, path in paths.items():
        site.visitor.get_rows(path)
        yield times_page(site, what, path, (first, "page 1"), at_most(times))


def link_on(site: Site, path: str, kind: str) -> str:
    found = re.search(rf'rel="{kind}"\s+href="([^"]+)"', site.visitor.get_rows(path))
    if found is None:
        raise NotMeasurable(f"{path} has no rel={kind}")
    return LIST + unescape(found[1])


def page_of(site: Site, path: str, wanted: int) -> tuple[str, int]:
    offered = re.findall(r"[?&;]page=(\d+)", site.visitor.get_rows(path))
    number = min(wanted, max(map(int, offered), default=1))
    return f"{path}&page={number}", number


def by_counterparty(site: Site) -> Iterator[Measured]:
    """Parts that a person would type: most of a name, a piece of a telephone number."""
    for what, part in counterparties(site).items():
        path = address(LIST, days=YEAR, counterparty=part)
        yield times_floor(site, f"list by counterparty, {what}, year", path, 4)


SCRIPTS = {
    "Latin": "[a-z] [A-Z]",
    "Cyrillic": "[а-я] [А-Я]",
    "Bengali": "[\u0980-\u09ff] [\u0980-\u09ff]",
    "Devanagari": "[\u0900-\u097f] [\u0900-\u097f]",
    "digits": "^\\+9[0-9]{6}",
}
NEWEST_IN_SCRIPT = """
    select counterparty from transactions_transaction
    where client_id = (select min(id) from clients_client) and counterparty ~ %s
        and logged_at < %s
    order by logged_at desc limit 1
"""


def counterparties(site: Site) -> dict[str, str]:
    found = {}
    with site.database.connect() as connection:
        for script, pattern in SCRIPTS.items():
            row = connection.execute(NEWEST_IN_SCRIPT, [pattern, LAST_DAY]).fetchone()
            if row:
                found[script] = part_of(str(row[0]))
    return found


def part_of(counterparty: str) -> str:
    """Five digits of a number; of a name all but its ends."""
    return counterparty[3:8] if counterparty[-1].isdigit() else counterparty[1:-1]


def whole_year(site: Site) -> Iterator[Measured]:
    yield times_floor(site, "list with its count and sum, year", address(LIST, days=YEAR), 4)
    yield the_tutorial_way(site, address(LIST, days=YEAR))
