"""Text, address, form and rows of a query are faces of one selection, whatever it is."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.support.factories import make_payment_system, make_transaction, make_wallet, seeing
from transactions.filters import TransactionFilterSet
from transactions.models import Transaction
from transactions.query.face import ClientQuery, parse_query, print_query
from transactions.selection import Selection

pytestmark = pytest.mark.django_db
random_queries = settings(
    max_examples=75,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)

TYPES = ["real", "fake", "forced", "withdrawal"]
STATUSES = ["activated", "not_activated", "pending", "failed"]
LABELS = ["", "user-7", "user-71", 'a "b", c', "*", "x..y", ">5", "№ 1"]
NAMES = ["", "Иван Кузнецов", "o'brien, jr", "Анна"]
AMOUNTS = ["1", "20", "20.5", "4750", "5000", "5000.01"]
SYSTEMS = ["upi_l", "bkash"]


@dataclass(frozen=True)
class Case:
    """A term as it is typed, and which rows meet it, in plain words of Python."""

    text: str
    is_met: Callable[[Transaction], bool]


@pytest.fixture
def rows(alice):
    chance = random.Random(39)  # no secret
    make_payment_system("bkash", currency="BDT", country="BD")
    wallets = [make_wallet(alice.client), make_wallet(alice.client, "7", payment_system="bkash")]
    for serial in range(40):
        make_transaction(
            alice,
            f"n{serial}",
            wallet=chance.choice(wallets),
            direction=chance.choice(["incoming", "outgoing"]),
            type=chance.choice(TYPES),
            status=chance.choice(STATUSES),
            label=chance.choice(LABELS),
            counterparty=chance.choice(NAMES),
            amount=Decimal(chance.choice(AMOUNTS)),
            usd_rate=chance.choice([None, Decimal("0.012")]),
            logged_at=NOON - timedelta(minutes=chance.randrange(3 * 24 * 60)),
        )
    with seeing(alice):
        found = Transaction.objects.for_client(alice.client).select_related("payment_system")
        return list(found)


def quoted(value):
    return '"{}"'.format(value.replace('"', '""'))


def choice(name, values, read):
    """Draw one or more values of a field, joined by OR."""
    some = st.lists(st.sampled_from(values), min_size=1, max_size=3)
    return some.map(
        lambda chosen: Case(
            f"{name}:{','.join(map(quoted, chosen))}", lambda row: read(row) in chosen
        )
    )


COMPARE = {
    "": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def compared(name, values, read):
    """Draw a comparison; a row without a value meets none."""

    def case(sign, text):
        return Case(f"{name}:{sign}{text}", lambda row: meets(row, COMPARE[sign], Decimal(text)))

    def meets(row, compare, value):
        return read(row) is not None and compare(read(row), value)

    return st.builds(case, st.sampled_from(list(COMPARE)), st.sampled_from(values))


def between(name, values, read):
    def case(ends):
        first, last = sorted(ends, key=Decimal)
        return Case(
            f"{name}:{first}..{last}", lambda row: Decimal(first) <= read(row) <= Decimal(last)
        )

    return st.tuples(st.sampled_from(values), st.sampled_from(values)).map(case)


def hour(row):
    return (row.logged_at + timedelta(hours=5.5)).hour  # in Kolkata


def day(row):
    return str((row.logged_at + timedelta(hours=5.5)).date())


FLAGS = [
    Case("has:label", lambda row: bool(row.label)),
    Case("no:label,name", lambda row: not (row.label or row.counterparty)),
    Case("есть:курс", lambda row: row.usd_rate is not None),
    Case("is:fake,forced", lambda row: row.type in ("fake", "forced")),
    Case(
        "is:unclaimed",
        lambda row: (
            row.direction == "incoming"
            and row.status == "not_activated"
            and row.type in ("real", "forced")
        ),
    ),
    Case("label:user-7*", lambda row: row.label.startswith("user-7")),
    Case("label:\\*", lambda row: row.label == "*"),
    Case("name:КУЗН", lambda row: "кузн" in row.counterparty.lower()),
    Case("статус:неактивные", lambda row: row.status != "activated"),
    Case("wallet:7", lambda row: row.payment_system.code == "bkash"),
    Case("logged:2026-11-22,2026-11-24", lambda row: day(row) in ("2026-11-22", "2026-11-24")),
]
HOURS = [str(number) for number in range(24)]
cases = st.one_of(
    choice("type", TYPES, lambda row: row.type),
    choice("статус", STATUSES, lambda row: row.status),
    choice("система", SYSTEMS, lambda row: row.payment_system.code),
    choice("currency", ["INR", "BDT"], lambda row: row.currency),
    choice("country", ["IN", "BD"], lambda row: row.country),
    choice("direction", ["incoming", "outgoing"], lambda row: row.direction),
    choice("label", [each for each in LABELS if each not in ("", "*")], lambda row: row.label),
    choice("date", ["2026-11-22", "2026-11-23", "2026-11-24"], day),
    compared("сумма", AMOUNTS, lambda row: row.amount),
    compared("usd", AMOUNTS, lambda row: row.amount_usd),
    compared("hour", HOURS[1:-1], hour),
    between("amount", AMOUNTS, lambda row: row.amount),
    between("hour", HOURS, hour),
    st.sampled_from(FLAGS),
)


def negate(case):
    return Case(f"-{case.text}", lambda row: not case.is_met(row))


queries = st.lists(st.one_of(cases, cases.map(negate)), max_size=5)


def parse(text, alice):
    selection = parse_query(text, alice.client)
    # Two bounds of an amount may leave nothing, which the form calls a mistake.
    return selection if isinstance(selection, Selection) else None


@random_queries
@given(query=queries)
def test_query_finds_the_rows_of_a_plain_computation(alice, rows, query):
    with seeing(alice):
        selection = parse(" ".join(case.text for case in query), alice)
        if selection is None:
            return
        found = set(selection.rows().values_list("number", flat=True))
        expected = [row for row in rows if all(case.is_met(row) for case in query)]

        assert found == {row.number for row in expected}
        assert selection.period_totals().count == selection.totals().count == len(expected)
        assert selection.totals().total().amount == sum(row.amount_usd or 0 for row in expected)


@random_queries
@given(query=queries, tail=st.sampled_from(["", "sort:date", "in:INR -converted:no", "logged:all"]))
def test_printed_selection_is_parsed_as_the_same(alice, rows, query, tail):
    with seeing(alice):
        text = " ".join([*(case.text for case in query), tail])
        selection = parse(text, alice)
        if selection is None:
            return

        printed = print_query(selection)
        assert parse(printed, alice) == selection
        assert print_query(parse(printed, alice)) == printed
        assert filtered(selection.address, alice).selection == selection


@random_queries
@given(
    query=queries,
    text=st.text(max_size=30),
    given_=st.sampled_from(["", "type=real", "date_from="]),
)
def test_address_moves_once_and_then_stays(alice, rows, query, text, given_):
    with seeing(alice):
        data = QueryDict(given_, mutable=True)
        data["q"] = " ".join([*(case.text for case in query), text])
        filters = filtered(f"?{data.urlencode()}", alice)
        if address := filters.moved_address:
            again = filtered(address, alice)

            assert again.moved_address is None
            assert not again.mistakes
            if filters.is_valid():
                assert again.selection == filters.selection


def filtered(address, alice):
    request = ClientQuery(alice.client, QueryDict(urlsplit(address).query), path="/list/")
    rows = Transaction.objects.for_client(alice.client)
    filters = TransactionFilterSet(request.GET, queryset=rows, request=request)
    assert isinstance(filters.is_valid(), bool)
    return filters
