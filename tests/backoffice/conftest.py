from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions import create_api_key
from accounts.models import ApiKey, FailedSignIns
from audit.kinds import Kind
from audit.models import AuditEvent
from audit.record import Actor
from tests.support.factories import (
    make_accumulation,
    make_balance,
    make_job,
    make_rate,
    make_source_of_balances,
    make_transaction,
    worker,
)
from wallets.models import PaymentSystem, Wallet


@pytest.fixture
def office(client, dora):
    client.force_login(dora)
    return client


@pytest.fixture
def rows(alice, charlie):
    moved = make_transaction(alice, "T1")
    with worker():
        create_api_key(alice.client, name="shop", by=Actor("test"))
        return {
            "clients/client": alice.client,
            "accounts/user": alice,
            "accounts/apikey": ApiKey.unscoped.get(),
            "audit/auditevent": AuditEvent.unscoped.get(kind=Kind.KEY_MADE),
            "accounts/failedsignins": FailedSignIns.objects.create(
                login="ALICE", address="192.0.2.1", count=5, since=timezone.now()
            ),
            "jobs/job": make_job(alice, "fill_rates"),
            "wallets/paymentsystem": PaymentSystem.objects.get(),
            "wallets/wallet": Wallet.unscoped.get(number="alpha-1"),
            "wallets/exchangerate": make_rate("INR", Decimal("0.012")),
            "wallets/balance": make_balance(alice),
            "wallets/balancesource": make_source_of_balances(alice),
            "transactions/transaction": moved,
            "accumulations/accumulation": make_accumulation(alice, transactions=[moved]),
        }
