"""Two Clients ask a server at once, over the same connections, threads and pool: neither sees the
other's.

A longer run: this file by `pytest -s` with INTERLEAVED_REQUESTS=100000.
"""

import http.client
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.test import Client as Browser

from tests.support.factories import make_accumulation, make_balance, make_transaction, make_wallet
from tests.support.servers import run_server

REQUESTS = int(os.environ.get("INTERLEAVED_REQUESTS", "48"))
CONNECTIONS = 8
PAGES = [
    "/?currency=INR",
    "/chart.json?currency=INR",
    "/payments/transactions/",
    "/payments/transactions/?counterparty=OWNER",
    "/payments/transactions/{pk}/",
    "/payments/transactions/export.csv",
    "/payments/accumulations/",
    "/payments/accumulations/export.csv",
    "/wallets/balance/?wallet_type=upi_l",
]
# Of one process as many files and pages at once are let through as there are connections.
MANY_EXPORTS = f"""
import paykassma_admin.wsgi
from accounts import turns
from paykassma_admin.exports import csv as exports
exports.MAX_EXPORTS = exports.MAX_EXPORTS_PER_MEMBER = {CONNECTIONS}
turns.REQUESTS_OF_A_MEMBER = turns.REQUESTS_OF_A_CLIENT = {CONNECTIONS}
"""


@pytest.fixture(autouse=True)
def noon():
    """Leave the clock alone: a session lives by the clock of the server, which is the machine's."""


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
        browser = Browser()
        browser.force_login(user)
        key = browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={key}; django_language=en"

    def seen(self, line, page):
        line.request("GET", page, headers={"Cookie": self.cookies})
        answer = line.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, (answer.status, page, text)
        return text.replace("\xa0", ",").replace(" ", ",")


def asked(place, visitors, count, seed):
    """Over one connection, as behind a proxy: how often each saw (his own, the other's)."""
    chance, found = random.Random(seed), Counter()
    line = http.client.HTTPConnection(*place, timeout=60)
    for _request in range(count):
        own, other = chance.sample(visitors, 2)
        seen = own.seen(line, chance.choice(own.pages))
        found[any(mark in seen for mark in own.marks), any(m in seen for m in other.marks)] += 1
    line.close()
    return found


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
def test_of_two_clients_who_ask_at_once_each_sees_his_own(alice, charlie, tmp_path):
    both = Visitor(alice, 765432), Visitor(charlie, 234567)
    each = -(-REQUESTS // CONNECTIONS)
    started = time.perf_counter()

    options = ["--workers=2", "--threads=8", "--keep-alive=60"]
    with run_server(tmp_path, MANY_EXPORTS, *options) as place, ThreadPoolExecutor() as pool:
        futures = [pool.submit(asked, place, both, each, seed) for seed in range(CONNECTIONS)]
        found = sum((future.result() for future in futures), Counter())

    print(f"{found.total():,} requests, {found.total() / (time.perf_counter() - started):.0f}/s")
    assert found == {(True, False): each * CONNECTIONS}
