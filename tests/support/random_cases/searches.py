from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from hypothesis import strategies as st

from tests.support.random_cases import reference
from tests.support.random_cases.cases import Scene, scenes
from tests.support.random_cases.strategies import DISPLAY, SYSTEMS
from wallets.statuses import Status

TYPES = ["real", "fake", "forced", "withdrawal"]
TEXTS = ["label", "order_number", "transaction_id", "counterparty"]
PAGE = 5  # rows
SEARCHES = 4
ABSENT = "absent"  # of a day: the address does not name it
OPEN = ""
# Days from today on; three whole months may lie between them.
FIRST_DAYS = [ABSENT, OPEN, OPEN, -2, -3, -42, -75]
LAST_DAYS = [ABSENT, OPEN, OPEN, 1, 0, -1, -30]


@dataclass(frozen=True)
class Search:
    scene: Scene
    conditions: dict[str, Any]
    days: dict[str, date | str]  # as the address names them
    currency: str
    leafed: int  # pages from the first one on, and from there again

    @property
    def rows(self):
        of_days = self.scene.hers_within(*bounds(self.days, self.scene.today))
        found = [row for row in of_days if reference.is_asked_for(row, self.conditions)]
        return reference.in_order(
            (
                row
                for row in found
                if self.is_converted_as_asked(row) and self.is_in_hours(row) and self.is_before(row)
            ),
            self.conditions.get("sort", ""),
        )

    def is_in_hours(self, row):
        first, last = self.conditions.get("hour_from", 0), self.conditions.get("hour_to", 23)
        return first <= reference.hour_of(row, self.scene.zone) <= last

    def is_before(self, row):
        until = self.conditions.get("until")
        return not until or row.logged_at < reference.first_shown(until, self.scene.zone)

    def is_converted_as_asked(self, row):
        wanted = self.conditions.get("converted")
        is_converted = not self.scene.found([row], self.currency).unconverted
        return wanted is None or (wanted == "yes") == is_converted

    @property
    def page(self):
        return self.leafed % max(1, ceil(len(self.rows) / PAGE)) + 1

    @property
    def rows_of_page(self):
        return self.rows[(self.page - 1) * PAGE : self.page * PAGE]

    def address(self, wallets):
        """`wallets` by whether they are hers, payment system and number."""
        address = self.conditions | self.days | {"currency": self.currency, "page": self.page}
        if "wallet" in address:
            address["wallet"] = wallets[True, *address["wallet"]].pk
        return address


def bounds(days, today):
    week = {"date_from": today - timedelta(7), "date_to": today}
    return [(week | days)[name] or None for name in week]


@st.composite
def searches(draw):
    """Some of one scene, since to play it costs as much as to search it."""
    scene = draw(scenes())
    return scene, [draw(searches_of(scene)) for _search in range(SEARCHES)]


@st.composite
def searches_of(draw, scene):
    """Most are for what a row of hers is like, so that they find something."""
    return Search(
        scene=scene,
        conditions=draw(conditions(scene.hers, scene.zone)),
        days=draw(days_around(scene.today)),
        currency=draw(st.sampled_from(DISPLAY)),
        leafed=draw(st.integers(0, 11)),
    )


@st.composite
def days_around(draw, today):
    first = day_parameter("date_from", draw(st.sampled_from(FIRST_DAYS)), today)
    lasts = [day_parameter("date_to", last, today) for last in LAST_DAYS]
    return first | draw(st.sampled_from([la for la in lasts if is_in_order(first | la, today)]))


def day_parameter(name, day, today):
    if day == ABSENT:
        return {}
    return {name: day if day == OPEN else today + timedelta(day)}


def is_in_order(days, today):
    first, last = bounds(days, today)
    return first is None or last is None or first <= last


@st.composite
def conditions(draw, hers, zone):
    """Draw conditions; a text makes the page add up rows, otherwise it reads totals."""
    if not hers:
        return {}
    offered = draw(conditions_like(draw(st.sampled_from(hers)), zone))
    text = st.sampled_from([name for name in offered if name in TEXTS])
    others = st.sampled_from([name for name in offered if name not in TEXTS])
    few = st.lists(others, max_size=3, unique=True)
    worded = st.builds(lambda name, more: [name, *more], text, st.lists(others, max_size=1))
    everything = st.just(list(offered))
    names = draw(draw(st.sampled_from([few, few, worded, worded, everything])))
    return {name: offered[name] for name in names} | draw(orders("arrival_currency" in names))


def orders(is_of_one_currency):
    by_amount = ["amount", "-amount"] if is_of_one_currency else []
    return st.sampled_from([{}, *({"sort": sort} for sort in ["", "date", *by_amount])])


@st.composite
def conditions_like(draw, row, zone):
    offered = {
        "payment_system": draw(several(list(SYSTEMS), row.payment_system)),
        "wallet": (row.payment_system, row.wallet),
        "label": draw(texts_like(row.label)),
        "order_number": draw(texts_like(row.order_number)),
        "transaction_id": draw(texts_like(row.number)),
        "counterparty": draw(parts_of(row.counterparty)),
        "direction": row.direction,
        "type": draw(several(TYPES, row.type)),
        "status": "active" if row.status == "activated" else "inactive",
        "state": draw(several(Status.values, row.status)),
        "converted": draw(st.sampled_from(["yes", "no"])),
        "country": row.country,
        "arrival_currency": row.currency,
        "amount_from": f"{row.amount - draw(st.sampled_from([0, 0, min(row.amount, 500)])):f}",
        "amount_to": f"{row.amount + draw(st.sampled_from([0, 0, 500])):f}",
        **draw(hours_around(row, zone)),
        "until": draw(minutes_around(row, zone)),
    }
    return {name: value for name, value in offered.items() if value != ""}


@st.composite
def hours_around(draw, row, zone):
    hour = reference.hour_of(row, zone)
    first = {"hour_from": draw(st.integers(0, hour))}
    last = {"hour_to": draw(st.integers(hour, 23))}
    return draw(st.sampled_from([first, last, first | last]))


def minutes_around(row, zone):
    local = row.logged_at.astimezone(zone)
    minutes = st.sampled_from([0, 1, 30, 60, 3 * 24 * 60])
    return minutes.map(lambda more: f"{local + timedelta(minutes=more):%Y-%m-%dT%H:%M}")


def several(values, one):
    more = st.lists(st.sampled_from(values), max_size=2)
    return more.map(lambda others: sorted({one, *others}))


def texts_like(text):
    if not text:
        return st.just("")
    beginnings = st.integers(3, len(text)).map(lambda length: f"{text[:length]}*")
    return st.just(text) | beginnings | st.sampled_from(["nobody", text.swapcase()])


def parts_of(name):
    """Draw parts of three characters or more, in any case, without leading spaces."""
    parts = [name[a:b] for a in range(len(name)) for b in range(a + 3, len(name) + 1)]
    parts = [part for part in parts if part == part.strip()]
    cases = st.sampled_from([str, str.upper, str.lower, str.swapcase])
    if not parts:
        return st.just("")
    return st.builds(lambda part, case: case(part), st.sampled_from(parts), cases)
