"""A payer's sentence: "I paid 4 750 at two o'clock"."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.factories import (
    days_ago,
    make_payment_system,
    make_transaction,
    make_wallet,
)
from tests.support.pages import words

pytestmark = pytest.mark.django_db


def found(response):
    return {row.number for group in response.context["found"].groups for row in group.table.data}


@pytest.mark.parametrize(
    "typed", ["4750", "4 750", "4750.00", "4 750,00", "4,750.00", "4\u00a0750,00", " 4750 "]
)
def test_amount_is_found_however_it_is_written(search, alice, typed):
    make_transaction(alice, "paid", amount=4750)
    make_transaction(alice, "nearly", amount="4750.01")

    assert found(search(typed)) == {"paid"}


def test_amounts_of_seven_days_are_found(search, alice):
    make_transaction(alice, "recent", amount=4750, logged_at=days_ago(6))
    make_transaction(alice, "old", amount=4750, logged_at=days_ago(7))

    assert found(search("4750")) == {"recent"}


@pytest.mark.parametrize("typed", ["4750 14:00", "4 750,00 14:35"])
def test_amount_with_an_hour_is_of_that_hour_of_the_client(search, alice, typed):
    two_in_kolkata = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    for number, minutes in {"before": -1, "first": 0, "last": 59, "after": 60}.items():
        moment = two_in_kolkata + timedelta(minutes=minutes)
        make_transaction(alice, number, amount=4750, logged_at=moment)

    response = search(typed)

    assert found(response) == {"first", "last"}
    assert "14:00" in words(response) and "14:59" in words(response)


@pytest.mark.parametrize(
    "typed", ["500 BDT", "BDT 500", "bdt500", "500.00 bdt", "500 BDT 16:00", "₹5 000", "5000INR"]
)
def test_amount_with_its_currency_is_of_that_currency(search, alice, typed):
    make_payment_system("bkash", currency="BDT", country="BD")
    bkash = make_wallet(alice.client, "017", payment_system="bkash")
    hour = datetime(2026, 11, 23, 10, 45, tzinfo=UTC)  # 16:15 in Kolkata
    make_transaction(alice, "taka", wallet=bkash, amount=500, logged_at=hour)
    make_transaction(alice, "rupees", amount=500, logged_at=hour)
    make_transaction(alice, "many rupees", amount=5000, logged_at=hour)

    assert found(search(typed)) == {"taka" if "b" in typed.lower() else "many rupees"}


@pytest.mark.parametrize("typed", ["500 XYZ", "-500", "1000 9", "$500 BDT"])
def test_amount_that_cannot_be_read_is_not_denied(search, alice, typed):
    make_transaction(alice, "rupees", amount=500)

    assert "транзакций на сумму" not in words(search(typed))


@pytest.mark.parametrize("typed", ["500 рупий", "1.234,56", "user-7"])
def test_text_with_digits_that_is_no_amount_says_so(search, typed):
    assert "Как сумма не искалось." in words(search(typed))


@pytest.mark.parametrize("typed", ["500", "UTR 412345678901", "user"])
def test_nothing_is_said_of_amounts_where_none_is_meant(search, typed):
    assert "Как сумма не искалось." not in words(search(typed))


def test_list_of_an_amount_has_the_same_rows(search, client, alice):
    for number in range(7):
        make_transaction(alice, f"T{number}", amount=4750)

    [group] = search("4750").context["found"].groups

    assert group.count == client.get(group.address).context["totals"].count == 7


def test_order_number_that_is_an_amount_too_is_grouped(search, alice):
    make_transaction(alice, "by order", order_number="4750")
    make_transaction(alice, "by amount", amount=4750)

    assert found(search("4750")) == {"by order", "by amount"}


def test_amount_with_cents_is_no_part_of_a_telephone(search, alice):
    make_transaction(alice, "phone", counterparty="01714750123")

    assert found(search("47501.23")) == set()
    assert found(search("4750123")) == {"phone"}


def test_short_amount_is_no_part_of_a_telephone(search, alice):
    make_transaction(alice, "phone", counterparty="01714750123")

    assert found(search("4750")) == set()
