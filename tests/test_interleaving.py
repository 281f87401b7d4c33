"""Two Clients ask at once, over the same threads and pooled connections: neither sees the other's.

A longer run: `INTERLEAVED_REQUESTS=100000 pytest tests/test_interleaving.py`.
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import pytest
from django.db import connections
from django.test import Client as Browser

from paykassma_admin import exports
from tests.factories import make_accumulation, make_balance, make_transaction, make_wallet

REQUESTS = int(os.environ.get("INTERLEAVED_REQUESTS", "200"))
THREADS = 8
PAGES = [
    "/?currency=INR",
    "/payments/transactions/",
    "/payments/transactions/?counterparty=OWNER",
    "/payments/transactions/{pk}/",
    "/payments/transactions/export.csv",
    "/payments/accumulations/",
    "/wallets/balance/?wallet_type=upi_l",
]


class Visitor:
    """Everything that is his holds his mark: a text, and an amount."""

    def __init__(self, user, amount):
        self.mark = f"{user.username}s-own"
        self.marks = {self.mark, f"{amount // 1000},{amount % 1000}", f"{amount}"}
        wallet = make_wallet(user.client, f"{self.mark}-wallet")
        rows = {"wallet": wallet, "label": self.mark, "counterparty": f"owner {self.mark}"}
        transaction = make_transaction(user, f"{self.mark}-1", amount=amount, **rows)
        make_accumulation(user, f"{self.mark}-2", wallet=wallet, transactions=[transaction])
        make_balance(user, amount=amount)
        self.pages = [page.format(pk=transaction.pk) for page in PAGES]
        self.browser = Browser(headers={"cookie": "django_language=en"})
        self.browser.force_login(user)

    def seen(self, page):
        return plain(Browser(headers={"cookie": self.cookies}).get(page))

    @property
    def cookies(self):
        return "; ".join(f"{name}={cookie.value}" for name, cookie in self.browser.cookies.items())


def plain(response):
    assert response.status_code == 200
    return response.getvalue().decode().replace("\xa0", ",").replace(" ", ",")


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
def test_of_two_clients_who_ask_at_once_each_sees_his_own(alice, charlie, monkeypatch):
    monkeypatch.setattr(exports, "free", BoundedSemaphore(THREADS))
    both = Visitor(alice, 765432), Visitor(charlie, 234567)

    connections.close_all()

    def ask(number):
        chance = random.Random(number)
        own, other = chance.sample(both, 2)
        try:
            seen = own.seen(chance.choice(own.pages))
        finally:
            connections.close_all()  # gives them back to the pool, as a server does
        return any(mark in seen for mark in own.marks), any(m in seen for m in other.marks)

    with ThreadPoolExecutor(THREADS) as pool:
        found = set(pool.map(ask, range(REQUESTS)))

    assert found == {(True, False)}
