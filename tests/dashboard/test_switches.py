"""Chart and table say that a payment system was switched on or off."""

from datetime import UTC, datetime

import pytest
from pytest_django.asserts import assertNotContains

from tests.support.factories import make_payment_system, make_transaction, make_wallet, worker
from tests.support.pages import words
from wallets.models import PaymentSystem, PaymentSystemChange

pytestmark = pytest.mark.django_db

OFF = "upi_l: система выключена, 14:05"


@pytest.fixture
def switch(alice):
    make_transaction(alice)

    def record(at="2026-11-20 08:35", code="upi_l", *, on=False):
        """At 14:05 in Kolkata."""
        system = make_payment_system(code)
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        with worker():
            PaymentSystemChange.objects.create(payment_system=system, is_active=on, at=moment)

    return record


def test_day_of_a_switch_says_so_in_chart_and_table(client, board, switch):
    switch()
    switch("2026-11-22 18:30", on=True)  # a midnight

    page = words(board())
    answer = client.get("/chart.json").json()

    assert f"20.11.2026 {OFF} 0,00" in page
    assert "23.11.2026 upi_l: система включена, 00:00 0,00" in page
    assert answer["events"] == [3, 6]
    assert answer["notes"][3] == OFF


def test_switch_stands_in_its_hour(client, board, switch):
    switch()
    day = {"date_from": "2026-11-20", "date_to": "2026-11-20"}
    make_day = client.get("/chart.json", day) if board(**day) else None

    assert make_day.json()["events"] == [14]
    assert make_day.json()["notes"][14] == OFF


def test_switch_in_a_week_has_its_day(client, board, switch):
    switch()
    board()

    answer = client.get("/chart.json", {"step": "week"}).json()

    assert answer["notes"][0] == "неполная неделя, upi_l: система выключена, 20.11.2026 14:05:00"
    assert answer["events"] == [0]


def test_only_systems_that_are_drawn_are_noted(board, alice, switch):
    make_payment_system("bkash")
    make_wallet(alice.client, "w", payment_system="bkash")
    switch()

    assert OFF in words(board(systems="bkash"))  # a part of the total
    assert OFF not in words(board(systems="bkash", total="off"))


def test_switch_of_a_system_without_a_wallet_is_not_shown(board, charlie, switch):
    make_payment_system("nagad")
    make_wallet(charlie.client, "his", payment_system="nagad")
    switch(code="nagad")

    assertNotContains(board(), "nagad")


def test_switch_outside_of_the_period_is_not_shown(client, board, switch):
    switch("2026-11-16 18:29:59")
    board()

    assert client.get("/chart.json").json()["events"] == []


def test_database_records_every_switch_and_nothing_else(alice):
    with worker():
        PaymentSystem.objects.filter(code="upi_l").update(name="UPI")
        assert not PaymentSystemChange.objects.exists()
        PaymentSystem.objects.filter(code="upi_l").update(is_active=False)
        PaymentSystem.objects.filter(code="upi_l").update(is_active=False)
        PaymentSystem.objects.filter(code="upi_l").update(is_active=True)
        changes = PaymentSystemChange.objects.order_by("pk")

        found = [(c.payment_system.code, c.is_active) for c in changes]

    assert found == [("upi_l", False), ("upi_l", True)]
