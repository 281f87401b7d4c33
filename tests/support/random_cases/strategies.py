"""Random rows, and what becomes of them: changes, deletions and compactions, step by step."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import strategies as st

from tests.support.random_cases import reference
from wallets.statuses import Status

SYSTEMS = {"bkash": "BDT", "upi_l": "INR", "zaincash": "IQD"}
WALLETS = ["first", "second"]  # of each payment system
DISPLAY = ["USD", *SYSTEMS.values()]
CURRENCIES = [*DISPLAY, "JPY"]
COUNTRIES = ["BD", "IN"]
NUMBERS = ["UTR", "utr", "UTR-X", "Перевод"]  # "#" and the row's id follow
LABELS = ["", "user-1", "user-12", "USER-1", "user*", "100%_off", "плательщик 7"]
COUNTERPARTIES = ["", "Иван КУЗНЕЦОВ", "রহিমা বেগম", "O'Brien & Sons", r"100%_\off"]
MOST_ROWS = 60


amounts = st.decimals(min_value="0.0001", max_value="1000000000", places=4)
rates_to_usd = st.decimals(min_value="0.0000000001", max_value="10", places=10)


@dataclass(frozen=True)
class Step:
    """One statement. `rows` are as it leaves them; those that it deletes, as they were."""

    what: str  # "insert", "update", "delete"; "compact" and "move", the zone, have no rows
    rows: tuple[reference.Row, ...] = ()
    is_undone: bool = False  # by the savepoint around it

    def after(self, left):
        if self.is_undone:
            return left
        named = {row.id: row for row in self.rows}
        if self.what == "delete":
            return {id_: row for id_, row in left.items() if id_ not in named}
        return left | named


@st.composite
def moments(draw, zone, today):
    """Near the edges of days more often than not, and some in earlier months."""
    edges = st.sampled_from([time.min, time.max, time(0, 30), time(1), time(23)])
    day = today + timedelta(draw(st.sampled_from([-3, -2, -1, 0, 0, 0, 0, 1, -41, -70])))
    local = datetime.combine(day, draw(edges | st.times()), zone)
    return local.replace(fold=draw(st.sampled_from([0, 1]))).astimezone(UTC)


@st.composite
def rows(draw, zone, today):
    """Most of them hers, and counted on the page. Their id, and number, are the story's."""
    type_ = draw(st.sampled_from(["real", "real", "forced", "fake", "withdrawal", "withdrawal"]))
    is_withdrawal = type_ == "withdrawal"
    row = reference.Row(
        id=0,
        number=draw(st.sampled_from(NUMBERS)),
        is_hers=draw(st.sampled_from([True, True, True, True, False])),
        payment_system=draw(st.sampled_from(list(SYSTEMS))),
        wallet=draw(st.sampled_from(WALLETS)),
        direction=draw(st.sampled_from(["outgoing"] + ["incoming"] * 4 * (not is_withdrawal))),
        type=type_,
        status=draw(st.sampled_from(["activated"] * 8 + ["pending"] + Status.values)),
        amount=draw(amounts),
        currency=draw(st.sampled_from(CURRENCIES)),
        country=draw(st.sampled_from(COUNTRIES)),
        usd_rate=draw(draw(st.sampled_from([rates_to_usd, rates_to_usd, st.none()]))),
        logged_at=draw(moments(zone, today)),
        label=draw(st.sampled_from(LABELS)),
        order_number=draw(st.sampled_from(LABELS)),
        counterparty=draw(st.sampled_from(COUNTERPARTIES)),
    )
    return with_a_rate_that_may_be(row)


def with_a_rate_that_may_be(row):
    is_worth_one = row.currency == "USD" and row.usd_rate is not None
    return replace(row, usd_rate=Decimal(1)) if is_worth_one else row


# What one change gives a row of another's: a withdrawal goes out, a wallet has one payment system.
CHANGES = [
    ("status",),
    ("status",),
    ("type", "direction"),
    ("amount",),
    ("usd_rate",),
    ("usd_rate",),
    ("currency", "usd_rate"),
    ("country",),
    ("logged_at",),
    ("logged_at",),
    ("wallet", "payment_system"),
    ("is_hers",),
    ("label", "order_number", "counterparty"),
    ("status", "amount", "logged_at", "wallet", "payment_system", "usd_rate"),
]
WHAT = ["update"] * 5 + ["compact"] * 3 + ["delete"] * 2 + ["insert", "double", "double"]


@st.composite
def stories(draw, row):
    """Steps that could be committed, the first of which inserts; and the rows that are left."""
    ids = count(1)
    few, many = st.lists(row, min_size=1, max_size=8), st.lists(row, min_size=12, max_size=25)
    first = draw(draw(st.sampled_from([few, many, many])))
    steps = [Step("insert", tuple(recorded(first, ids)))]
    left, told = steps[0].after({}), set()
    later = st.lists(st.sampled_from(WHAT), min_size=3, max_size=8)
    for what in draw(draw(st.sampled_from([later, later, later, st.just([])]))):
        step = draw(steps_of(what, row, left, told, ids))
        told |= rows_with_history(step, left)
        left = step.after(left)
        steps.append(step)
    steps.insert(draw(st.sampled_from([0, *range(len(steps) + 1)])), Step("move"))
    return steps, list(left.values())


def recorded(rows, ids):
    for row, id_ in zip(rows, ids, strict=False):
        yield replace(row, id=id_, number=f"{row.number.split('#')[0]}#{id_}")


def rows_with_history(step, before):
    """Return ids of rows that get a history. It is append-only, so they are never deleted."""
    history = ("status", "type", "usd_rate", "label", "order_number", "counterparty")
    return {
        row.id
        for row in step.rows
        if row.id in before and any(getattr(row, n) != getattr(before[row.id], n) for n in history)
    }


@st.composite
def steps_of(draw, what, row, left, told, ids):
    is_undone = draw(st.sampled_from([False] * 7 + [True]))
    if what == "double" and len(left) <= MOST_ROWS // 2:
        return Step("insert", tuple(recorded(left.values(), ids)), is_undone)
    if what in ("insert", "double"):
        return Step("insert", tuple(recorded(draw(st.lists(row, max_size=3)), ids)), is_undone)
    if what == "update":
        return Step("update", draw(changed(row, left, told)), is_undone)
    if what == "delete":
        return Step("delete", draw(some([r for r in left.values() if r.id not in told])), is_undone)
    return Step("compact", (), is_undone)


@st.composite
def changed(draw, row, left, told):
    """Draw changes of a few rows; one with a history stays its Client's."""
    another, names = draw(row), draw(st.sampled_from(CHANGES))
    new = {name: getattr(another, name) for name in names}
    movable = [r for r in left.values() if r.id not in told]
    rows = draw(some(movable if "is_hers" in names else list(left.values())))
    return tuple(with_a_rate_that_may_be(replace(old, **new)) for old in rows)


def some(rows):
    few = st.lists(st.sampled_from(rows), max_size=3, unique_by=lambda row: row.id)
    return (few if rows else st.just([])).map(tuple) | st.just(tuple(rows))
