"""Accumulations and balances that a program writes over HTTP."""

import json

import pytest

from accounts.actions import create_api_key
from accumulations.models import Accumulation
from audit.record import Actor
from tests.support.factories import make_wallet, seeing, worker
from wallets.models import Balance

pytestmark = pytest.mark.django_db

ACCUMULATION = {
    "number": "A1",
    "payment_system": "upi_l",
    "wallet": "alpha-1",
    "amount": "1000.00",
    "currency": "INR",
    "formed_at": "2026-11-24 10:00:00",
}
BALANCE = {
    "payment_system": "upi_l",
    "currency": "INR",
    "amount": "123456.00",
    "as_of": "2026-11-24 10:00:00",
}
KINDS = [("accumulations", ACCUMULATION, Accumulation), ("balances", BALANCE, Balance)]


@pytest.fixture
def key(alice):
    make_wallet(alice.client)
    with worker():
        return create_api_key(alice.client, name="till", scopes=["write"], by=Actor("test"))


def send(client, key, name, body):
    return client.post(
        f"/api/v1/{name}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


@pytest.mark.parametrize(("name", "row", "model"), KINDS)
def test_rows_are_stored_once_and_answered(client, alice, key, name, row, model):
    assert send(client, key, name, row).status_code == 201

    response = send(client, key, name, [row, row | {"amount": "1"}, row | {"amount": "x"}])

    outcomes = [result["outcome"] for result in response.json()]
    assert outcomes == ["unchanged", "conflict", "invalid"]
    with seeing(alice):
        assert model.unscoped.count() == 1


@pytest.mark.parametrize(("name", "row", "model"), KINDS)
def test_row_of_what_is_not_known_is_invalid(client, alice, key, name, row, model):
    response = send(client, key, name, row | {"payment_system": "no-such"})

    assert (response.status_code, response.json()["field"]) == (422, "payment_system")


def test_wallet_of_a_stranger_is_unknown(client, charlie, key, nets):
    wallet = make_wallet(charlie.client)

    response = send(client, key, "accumulations", ACCUMULATION | {"wallet": wallet.number})

    assert (response.status_code, response.json()["field"]) == (422, "wallet")
