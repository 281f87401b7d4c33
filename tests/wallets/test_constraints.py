from typing import Any

import pytest
from django.db import ProgrammingError

from tests.support.database.raw_sql import constraint_that_refuses, execute, insert
from tests.support.factories import make_balance, make_payment_system, make_rate, seeing, worker
from wallets.models import Balance

pytestmark = pytest.mark.django_db

NOW = "2026-11-24 12:00+00"
BAD_CURRENCY = {"currency": "inr"}
BAD_COUNTRY = {"country": "I"}
BREAKS: dict[str, dict[str, dict[str, Any]]] = {
    "wallets_paymentsystem": {
        "payment_system_code_form": {"code": "upi,paytm"},
        "payment_system_currency_form": BAD_CURRENCY,
        "payment_system_country_form": BAD_COUNTRY,
    },
    "wallets_paymentsystemstatus": {"payment_system_status_known": {"status": "lost"}},
    "wallets_paymentsystemchange": {
        "payment_system_change_within_known_years": {"at": "1999-12-30 23:59+00"}
    },
    "wallets_wallet": {
        "wallet_has_a_number": {"number": ""},
        "wallet_currency_form": BAD_CURRENCY,
        "wallet_country_form": BAD_COUNTRY,
    },
    "wallets_exchangerate": {
        "exchange_rate_currency_form": BAD_CURRENCY,
        "exchange_rate_not_of_usd": {"currency": "USD"},
        "exchange_rate_positive": {"usd_rate": 0},
        "exchange_rate_has_a_source": {"source": ""},
    },
    "wallets_balance": {
        "balance_currency_form": BAD_CURRENCY,
        "balance_within_known_years": {"as_of": "1999-12-30 23:59+00"},
        "balance_commission_is_a_percentage": {"commission_percent": "100.0001"},
    },
    "wallets_balancesource": {
        "balance_source_kind_known": {"kind": "guessed", "url": "https://x"},
        "balance_source_has_an_address_if_asked": {"kind": "http"},
        "balance_source_currency_form": BAD_CURRENCY,
    },
    "wallets_upstreamrequest": {
        "upstream_request_outcome_known": {"outcome": "answered"},
        "upstream_request_amount_of_an_answer": {
            "ended_at": NOW,
            "outcome": "slow",
            "amount": 1,
        },
        "upstream_request_actor_kind_known": {"actor_kind": "ghost"},
        "upstream_request_currency_form": BAD_CURRENCY,
        "upstream_request_body_bounded": {"body": "x" * 4001},
    },
}
ONCE = {
    "wallets_paymentsystemstatus": "payment_system_status_once",
    "wallets_wallet": "wallet_number_once",
    "wallets_balance": "balance_once",
    "wallets_balancesource": "balance_source_once",
    "wallets_upstreamrequest": "upstream_request_open_once",
}
BROKEN = {*ONCE.values(), *(constraint for breaks in BREAKS.values() for constraint in breaks)}
CASES = [(table, *case) for table, breaks in BREAKS.items() for case in breaks.items()]


@pytest.fixture
def good(alice):
    client, system = {"client_id": alice.client.pk}, make_payment_system("bkash", statuses=[])
    of_both = client | {"payment_system_id": system.pk}
    money = {"currency": "BDT", "country": "BD"}
    return {
        "wallets_paymentsystem": money
        | {"code": "nagad", "name": "Nagad", "is_active": True, "number_ignores_case": False},
        "wallets_paymentsystemstatus": {"payment_system_id": system.pk, "status": "pending"},
        "wallets_paymentsystemchange": {
            "payment_system_id": system.pk,
            "is_active": False,
            "at": NOW,
        },
        "wallets_wallet": of_both | money | {"number": "1", "name": "", "is_active": True},
        "wallets_exchangerate": {
            "currency": "BDT",
            "day": "2026-11-24",
            "usd_rate": "0.0083",
            "source": "bank",
            "recorded_at": NOW,
        },
        "wallets_balance": of_both | {"currency": "BDT", "amount": -1, "as_of": NOW},
        "wallets_balancesource": of_both
        | {"kind": "reported", "url": "", "encrypted_secret": "", "currency": "BDT"},
        "wallets_upstreamrequest": of_both
        | {
            "actor": "alice",
            "actor_kind": "user",
            "asked_at": NOW,
            "outcome": "",
            "body": "",
            "currency": "BDT",
        },
    }


@pytest.mark.parametrize("table", BREAKS)
def test_valid_row_is_accepted(good, table):
    with worker():
        insert(table, good[table])


@pytest.mark.parametrize(("table", "constraint", "change"), CASES)
def test_invalid_row_is_refused(good, table, constraint, change):
    assert constraint_that_refuses(table, good[table] | change) == constraint


@pytest.mark.parametrize(("table", "constraint"), ONCE.items())
def test_natural_keys_are_unique(good, table, constraint):
    assert constraint_that_refuses(table, good[table], good[table]) == constraint


def test_negative_commission_is_refused(good):
    row = good["wallets_balance"] | {"commission_percent": "-0.0001"}

    constraint = constraint_that_refuses("wallets_balance", row)

    assert constraint == "balance_commission_is_a_percentage"


def test_member_cannot_write_another_clients_balance(good, charlie):
    with pytest.raises(ProgrammingError, match="row-level security"), seeing(charlie):
        insert("wallets_balance", good["wallets_balance"])


@pytest.mark.parametrize(
    "table",
    [
        "wallets_paymentsystem",
        "wallets_paymentsystemstatus",
        "wallets_paymentsystemchange",
        "wallets_exchangerate",
        "wallets_wallet",
        "wallets_balancesource",
    ],
)
def test_member_cannot_write_administrators_tables(good, alice, table):
    with pytest.raises(ProgrammingError, match="permission denied"), seeing(alice):
        insert(table, good[table])


@pytest.mark.parametrize("sql", ["update {} set usd_rate = 1", "delete from {}"])
def test_recorded_rate_cannot_change(sql):
    make_rate("INR", "0.012")

    with pytest.raises(ProgrammingError, match="permission denied"), worker():
        execute(sql.format("wallets_exchangerate"))


def test_another_client_cannot_change_a_balance(alice, charlie):
    balance = make_balance(alice)

    with seeing(charlie):
        assert Balance.unscoped.filter(pk=balance.pk).update(amount=0) == 0
