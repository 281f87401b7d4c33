"""Floods by one member; of guesses and searches: tests/slow/accounts/test_member_flood.py."""

import time
from threading import Lock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from psycopg_pool import ConnectionPool

from tests.support.database.at_once import at_once
from tests.support.factories import PASSWORD, make_client, make_member, make_transaction
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

CONNECTIONS = 12
SECONDS_OF_A_HASH = 0.02


class Most:
    def __init__(self):
        self.lock, self.now, self.most = Lock(), 0, 0

    def __enter__(self):
        self.change(1)

    def __exit__(self, *error):
        self.change(-1)

    def change(self, by):
        with self.lock:
            self.now += by
            self.most = max(self.most, self.now)


@pytest.fixture
def hashes(monkeypatch):
    encode, hashes = MD5PasswordHasher.encode, Most()

    def encode_and_count(*args):
        with hashes:
            time.sleep(SECONDS_OF_A_HASH)
            return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode_and_count)
    return hashes


@pytest.fixture
def connections(monkeypatch):
    getconn, putconn, connections = ConnectionPool.getconn, ConnectionPool.putconn, Most()

    def get(pool, *args, **kwargs):
        got = getconn(pool, *args, **kwargs)
        connections.change(1)
        return got

    def put(pool, given):
        connections.change(-1)
        putconn(pool, given)

    monkeypatch.setattr(ConnectionPool, "getconn", get)
    monkeypatch.setattr(ConnectionPool, "putconn", put)
    return connections


@pytest.fixture
def alice(transactional_db):
    alice = make_member("alice", client=make_client("alpha"))
    make_transaction(alice)
    return alice


def changes_the_password(browser):
    form = {"old_password": PASSWORD, "new_password1": "one", "new_password2": "another"}
    return browser.post("/security/password/", form)


def guesses(browser):
    return browser.post("/security/confirm/", {"password": "wrong"})


def searches(browser):
    return browser.get("/payments/transactions/?counterparty=abc&date_from=&currency=EUR")


def exports(browser):
    response = browser.get("/payments/transactions/export.csv")
    response.getvalue()
    response.close()
    return response


@pytest.mark.parametrize("act", [changes_the_password, exports])
def test_a_flood_takes_two_connections_and_one_hash_at_a_time(alice, hashes, connections, act):
    assert_two_at_a_time(alice, hashes, connections, act)


def assert_two_at_a_time(alice, hashes, connections, act):
    browser = Browser()
    browser.force_login(alice)
    browser.get("/wallets/balance/")  # from then on it is known whose session this is
    connection.close()
    connections.now = connections.most = 0

    def flood():
        same = Browser(raise_request_exception=False)
        same.cookies = browser.cookies.copy()
        return [act(same).status_code for _time in range(3)]

    statuses = {status for answers in at_once(*[flood] * CONNECTIONS) for status in answers}

    assert statuses <= {200, 302, 429}
    assert 0 < connections.most <= 2
    assert hashes.most <= 1
