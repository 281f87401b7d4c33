"""A payer's sentence: "I paid 4 750 at two o'clock"."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.factories import days_ago, make_transaction
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


def test_list_of_an_amount_has_the_same_rows(search, client, alice):
    for number in range(7):
        make_transaction(alice, f"T{number}", amount=4750)

    [group] = search("4750").context["found"].groups

    assert group.count == client.get(group.address).context["totals"].count == 7


def test_order_number_that_is_an_amount_too_is_grouped(search, alice):
    make_transaction(alice, "by order", order_number="4750")
    make_transaction(alice, "by amount", amount=4750)

    assert found(search("4750")) == {"by order", "by amount"}


def test_short_amount_is_no_part_of_a_telephone(search, alice):
    make_transaction(alice, "phone", counterparty="01714750123")

    assert found(search("4750")) == set()
