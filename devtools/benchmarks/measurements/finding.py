"""Finding a payment, and proving a number: G15 to G19, as the owner of the largest Client."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from devtools.benchmarks.generator.size import LAST_DAY
from devtools.benchmarks.goals import Measured, NotMeasurable
from devtools.benchmarks.measurements.lists import (
    beside_empty,
    counterparties,
    newest,
    times_floor,
)
from devtools.benchmarks.site import LIST, SEARCH, WHY, YEAR, Site, address

NEWEST_ROW = """
    select row.id, amount, extract(hour from logged_at at time zone time_zone)
    from transactions_transaction row join clients_client client on client.id = client_id
    where client_id = (select min(id) from clients_client) and logged_at < %s
    order by logged_at desc limit 1
"""


@dataclass(frozen=True)
class Row:
    key: int
    amount: str
    hour: int  # on its Client's clock


def by_identifier(site: Site) -> Iterator[Measured]:
    label, order_number, number = newest(site.database)
    for what, text in {"number": number, "order number": order_number, "label": label}.items():
        yield times_floor(site, f"search by {what}", search(text), 1.5)


def by_counterparty(site: Site) -> Iterator[Measured]:
    for what, part in counterparties(site).items():
        yield times_floor(site, f"search by counterparty, {what}", search(part), 4)


def by_amount(site: Site) -> Iterator[Measured]:
    row = newest_row(site)
    amount, hour = row.amount, row.hour
    path = address(LIST, amount_from=amount, amount_to=amount, hour_from=hour, hour_to=hour)
    yield times_floor(site, "list by amount and hour, week", path, 2)
    yield times_floor(site, "search by amount", search(amount), 2)


def transaction(site: Site) -> Iterator[Measured]:
    path = f"{LIST}{newest_row(site).key}/"
    yield times_floor(site, "a transaction, and those near it", path, 1.5)


def why(site: Site) -> Iterator[Measured]:
    yield times_floor(site, "why a number, week", address(WHY), 2)
    yield beside_empty(site, WHY)
    page = times_floor(site, "  year", address(WHY, days=YEAR), 2)
    yield Measured(page.what, page.figure, page.ratio)


def search(text: str) -> str:
    return f"{SEARCH}?{urlencode({'q': text})}"


def newest_row(site: Site) -> Row:
    with site.database.connect() as connection:
        found = connection.execute(NEWEST_ROW, [LAST_DAY]).fetchone()
    if found is None:
        raise NotMeasurable("the largest Client has no transactions")
    key, amount, hour = found
    return Row(key, f"{amount.normalize():f}", int(hour))
