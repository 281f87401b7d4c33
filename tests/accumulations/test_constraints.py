import pytest
from django.db import ProgrammingError

from tests.conftest import NOON
from tests.support.database.raw_sql import constraint_that_refuses, insert
from tests.support.factories import make_accumulation, make_transaction, make_wallet, seeing, worker

pytestmark = pytest.mark.django_db

BREAKS = {
    "accumulation_has_a_number": {"number": ""},
    "accumulation_amount_positive": {"amount": 0},
    "accumulation_currency_form": {"currency": "inr"},
    "accumulation_within_known_years": {"formed_at": "2100-01-02 00:00+00"},
}
BROKEN = {
    *BREAKS,
    "accumulation_number_once",
    "accumulation_wallet_of_client",
    "accumulation_entry_of_client",
    "accumulation_entry_transaction_of_client",
    "accumulation_entry_transaction_once",
}
NO_PARTS = [
    ("accumulation_entry_of_a_pay_in", {"status": "declined"}),
    ("accumulation_entry_of_a_pay_in", {"type": "fake"}),
    ("accumulation_entry_of_a_pay_in", {"type": "withdrawal"}),
    ("accumulation_entry_of_its_label", {"label": "user-2"}),
    ("accumulation_entry_logged_before", {"logged_at": NOON}),
]


@pytest.fixture
def good(alice):
    return {
        "client_id": alice.client.pk,
        "wallet_id": make_wallet(alice.client).pk,
        "number": "A1",
        "label": "",
        "amount": 5000,
        "currency": "INR",
        "formed_at": "2026-11-24 12:00+00",
    }


def entry(owner, accumulation, transaction):
    return {
        "client_id": owner.client.pk,
        "accumulation_id": accumulation.pk,
        "transaction_id": transaction.pk,
    }


def test_valid_row_is_accepted(good):
    with worker():
        insert("accumulations_accumulation", good)


@pytest.mark.parametrize(("constraint", "change"), BREAKS.items())
def test_invalid_row_is_refused(good, constraint, change):
    assert constraint_that_refuses("accumulations_accumulation", good | change) == constraint


def test_number_is_unique_on_a_wallet(good):
    constraint = constraint_that_refuses("accumulations_accumulation", good, good)

    assert constraint == "accumulation_number_once"


def test_accumulation_belongs_to_its_wallets_client(good, charlie):
    row = good | {"client_id": charlie.client.pk}

    constraint = constraint_that_refuses("accumulations_accumulation", row)

    assert constraint == "accumulation_wallet_of_client"


def test_entry_belongs_to_its_accumulations_client(alice, charlie):
    transaction = make_transaction(charlie)
    row = entry(charlie, make_accumulation(alice), transaction)

    constraint = constraint_that_refuses("accumulations_accumulationentry", row)

    assert constraint == "accumulation_entry_of_client"


def test_entry_belongs_to_its_transactions_client(alice, charlie):
    row = entry(alice, make_accumulation(alice), make_transaction(charlie))

    constraint = constraint_that_refuses("accumulations_accumulationentry", row)

    assert constraint == "accumulation_entry_transaction_of_client"


def test_transaction_is_in_one_accumulation(alice):
    row = make_transaction(alice)
    first, second = make_accumulation(alice, "A1"), make_accumulation(alice, "A2")

    constraint = constraint_that_refuses(
        "accumulations_accumulationentry", entry(alice, first, row), entry(alice, second, row)
    )

    assert constraint == "accumulation_entry_transaction_once"


def test_member_cannot_write_another_clients_accumulation(good, charlie):
    with pytest.raises(ProgrammingError, match="row-level security"), seeing(charlie):
        insert("accumulations_accumulation", good)


@pytest.mark.parametrize(("constraint", "change"), NO_PARTS)
def test_entry_is_an_earlier_pay_in_of_its_label(alice, constraint, change):
    row = entry(alice, make_accumulation(alice, label="user-1"), make_transaction(alice, **change))

    assert constraint_that_refuses("accumulations_accumulationentry", row) == constraint


@pytest.mark.parametrize("change", [{"type": "forced"}, {"label": "user-1"}, {"label": ""}])
def test_entry_may_be_forced_or_unlabelled(alice, change):
    transaction = make_transaction(alice, **change)

    make_accumulation(alice, label="user-1", transactions=[transaction])
