"""Rows that a program reads over HTTP: those of the list on screen, page by page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.actions import create_api_key
from audit.record import Actor
from tests.conftest import NOON
from tests.support.factories import make_rate, make_transaction, make_wallet, worker

pytestmark = pytest.mark.django_db

API = "/api/v1/transactions"
TOTALS = "/api/v1/totals"


@pytest.fixture
def key(alice):
    with worker():
        return create_api_key(alice.client, name="till", scopes=["read"], by=Actor("test"))


@pytest.fixture
def ask(client, key):
    def get(address=API, data=None, **headers):
        return client.get(address, data, headers={"Authorization": f"Bearer {key}"} | headers)

    return get


def numbers(response):
    assert response.status_code == 200, response.content
    return [row["number"] for row in response.json()["rows"]]


def test_row_has_its_columns(alice, ask):
    row = make_transaction(
        alice,
        "T1",
        amount=Decimal("1000.50"),
        currency="INR",
        usd_rate=Decimal("0.0119"),
        label="user-1",
        logged_at=datetime(2026, 11, 24, 4, 30, tzinfo=UTC),
    )

    [found] = ask().json()["rows"]

    assert found == ask(f"{API}/{row.pk}").json()
    assert {name: found[name] for name in ("number", "wallet", "payment_system", "label")} == {
        "number": "T1",
        "wallet": "alpha-1",
        "payment_system": "upi_l",
        "label": "user-1",
    }
    assert (found["amount"], found["usd_rate"], found["amount_usd"]) == (
        "1000.5",
        "0.0119",
        "11.906",
    )
    assert found["logged_at"] == "2026-11-24T10:00:00+05:30"


def test_row_that_is_not_there_is_a_404(alice, ask):
    assert ask(f"{API}/1").status_code == 404


def test_next_leads_through_all_rows_while_others_come_in(alice, ask):
    moments = [NOON - timedelta(minutes=n // 3) for n in range(20)]  # three of each moment
    for n, at in enumerate(moments):
        make_transaction(alice, f"T{n}", logged_at=at)
    found, address = [], f"{API}?limit=3"
    while address:
        answer = ask(address).json()
        found += [row["number"] for row in answer["rows"]]
        make_transaction(alice, f"new-{len(found)}", logged_at=NOON + timedelta(minutes=len(found)))
        address = answer["next"]

    assert sorted(found) == sorted(f"T{n}" for n in range(20))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["new", "paid"]),
        ({"sort": "date"}, ["paid", "new"]),
        ({"status": "active"}, ["paid"]),
        ({"transaction_id": "new*"}, ["new"]),
        ({"payment_system": "upi_l"}, ["new", "paid"]),
        ({"date_from": "", "date_to": ""}, ["new", "paid", "old"]),
        ({"days": "yesterday"}, ["paid"]),
        ({"q": "status:activated"}, ["paid"]),
    ],
)
def test_conditions_are_those_of_the_list(client, alice, ask, conditions, expected):
    make_transaction(alice, "old", status="pending", logged_at=NOON - timedelta(days=30))
    make_transaction(alice, "paid", status="activated", logged_at=NOON - timedelta(days=1))
    make_transaction(alice, "new", status="pending", logged_at=NOON)
    client.force_login(alice)
    page = client.get("/payments/transactions/", conditions, follow=True)

    assert numbers(ask(API, conditions)) == expected
    assert [row.number for row in page.context["table"].data] == expected


def test_number_is_found_in_the_spelling_that_the_rows_have(alice, ask):
    make_transaction(alice, "T1", label="caf\u0065\u0301")

    assert numbers(ask(API, {"label": "caf\u00e9"})) == ["T1"]


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ({"status": "no-such"}, "status"),
        ({"date_from": "soon"}, "date_from"),
        ({"wallet": "1"}, "wallet"),
        ({"page": "2"}, "page"),
        ({"per_page": "25"}, "per_page"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"limit": ["1", "2"]}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "W10"}, "cursor"),
        ({"cursor": "WyIyMDI2LTExLTI0IiwgMV0"}, "cursor"),
        ({"sort": "amount", "arrival_currency": "INR"}, "sort"),
    ],
)
def test_wrong_parameter_is_named(alice, ask, conditions, field):
    make_transaction(alice)

    response = ask(API, conditions)

    assert (response.status_code, response.json()["field"]) == (422, field)


def test_unknown_parameter_is_refused(alice, ask):
    response = ask(API, {"statsu": "active"})

    assert response.status_code == 422
    assert "statsu" in response.json()["detail"]


def test_same_answer_is_not_sent_twice(alice, ask):
    make_transaction(alice)
    first = ask()

    same = ask(**{"If-None-Match": first["ETag"]})
    make_transaction(alice, "T2")
    other = ask(**{"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200


# Totals


def test_totals_are_those_of_the_list(client, alice, ask):
    make_rate("INR", "0.0119", NOON.date())
    make_transaction(alice, "T1", amount=100, logged_at=NOON)
    make_transaction(alice, "T2", amount=50, logged_at=NOON)
    make_wallet(alice.client)
    client.force_login(alice)
    page = client.get("/payments/transactions/")

    answer = ask(TOTALS).json()

    assert answer["count"] == page.context["totals"].count == 2
    [own] = answer["sums"]
    assert (own["amount"], own["currency"], own["direction"]) == ("150", "INR", "incoming")
    [total] = page.context["totals"].by_direction()
    [converted] = answer["converted"]
    assert Decimal(converted["amount"]) == total.amount
    assert (converted["currency"], converted["unconverted"]) == ("USD", total.unconverted)


@pytest.mark.parametrize("name", ["cursor", "limit", "page"])
def test_totals_have_no_pages(ask, name):
    assert ask(TOTALS, {name: "1"}).status_code == 422
