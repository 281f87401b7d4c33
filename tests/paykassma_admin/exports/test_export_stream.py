import http.client
import socket
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Func, TextField, Value
from django.test import Client as Browser

from paykassma_admin.exports import csv
from tests.support.database.raw_sql import execute
from tests.support.factories import make_client, make_member, make_transaction, worker
from tests.support.marks import slow
from tests.support.pages import words
from tests.support.servers import run_server
from transactions.models import Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
URL = "/payments/transactions/export.csv?date_from="
ROWS = 20_000  # of 700 bytes: more than the sockets on the way hold

STALLED_AFTER_SECONDS = """
from paykassma_admin.exports import csv as exports
exports.STALLED_SECONDS = 3
"""


@pytest.fixture(autouse=True)
def noon():
    """Keep the real clock: sessions live by the server's."""


@pytest.fixture
def browser(transactional_db):
    alice = make_member("alice", client=make_client("alpha"))
    first = make_transaction(alice, "0", label="x" * 190, order_number="y" * 190)
    with worker(), connection.cursor() as cursor:
        cursor.execute(
            "insert into transactions_transaction (client_id, wallet_id, payment_system_id, number,"
            " direction, type, status, amount, currency, country, label, order_number,"
            " counterparty, logged_at, recorded_at)"
            " select client_id, wallet_id, payment_system_id, n::text, direction, type, status,"
            " amount, currency, country, label, order_number, repeat('z', 190),"
            " logged_at - n * interval '1 second', recorded_at"
            " from transactions_transaction, generate_series(1, %s) n where id = %s",
            [ROWS - 1, first.pk],
        )
    browser = Browser(raise_request_exception=False)
    browser.force_login(alice)
    browser.client = alice.client
    return browser


@pytest.fixture
def server(browser, tmp_path):
    with run_server(tmp_path, STALLED_AFTER_SECONDS, "--threads=8") as (host, port):
        yield f"http://{host}:{port}"


@contextmanager
def open_response(server, browser, path=URL, **headers):
    place = urlsplit(server)
    line = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    line.sock = socket.socket()
    line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    line.sock.settimeout(60)
    line.sock.connect((place.hostname, place.port))
    cookie = f"sessionid={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    line.request("GET", path, headers={"Cookie": cookie} | headers)
    try:
        yield line.getresponse()
    finally:
        line.close()


def copying():
    with connection.cursor() as cursor:
        cursor.execute(
            "select pid from pg_stat_activity where query like 'copy (%' and state <> 'idle'"
            " and datname = current_database() and pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def strike(function):
    (backend,) = copying()
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(%s)", [backend])


def wait_until_nobody_copies():
    deadline = time.monotonic() + 20
    while copying():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# Either way with the other encoding: tests/slow/test_broken_exports.py.
@pytest.mark.parametrize(
    ("function", "encoding"),
    [("pg_terminate_backend", "gzip"), *slow(("pg_cancel_backend", "identity"))],
)
def test_a_file_that_breaks_off_is_not_ended(server, browser, function, encoding):
    assert_not_ended(server, browser, function, encoding)


def assert_not_ended(server, browser, function, encoding):
    with open_response(server, browser, **{"Accept-Encoding": encoding}) as answer:
        answer.read(1000)
        strike(function)

        with pytest.raises(http.client.IncompleteRead):
            answer.read()

    assert answer.status == 200


@pytest.mark.slow
def test_a_file_comes_whole_after_others_broke_off(server, browser):
    for _file in range(csv.MAX_EXPORTS + 1):
        with open_response(server, browser) as answer:
            answer.read(1000)
            strike("pg_terminate_backend")
            with pytest.raises(http.client.IncompleteRead):
                answer.read()

    with open_response(server, browser) as answer:
        lines = answer.read().splitlines()
    assert (answer.status, answer.getheader("Transfer-Encoding")) == (200, "chunked")
    assert len(lines) == ROWS + 1
    assert len({line.split(b",")[0] for line in lines[1:]}) == ROWS


@pytest.mark.slow
def test_a_reader_who_goes_away_or_stalls_holds_nothing(server, browser):
    for _file in range(csv.MAX_EXPORTS):
        with open_response(server, browser) as gone:
            gone.read(1000)
        wait_until_nobody_copies()

    with open_response(server, browser) as stalls:
        stalls.read(1000)
        assert copying()
        wait_until_nobody_copies()


def colleague(browser, name):
    user = make_member(name, client=browser.client)
    other = Browser(raise_request_exception=False)
    other.force_login(user)
    return other


@pytest.mark.slow
def test_one_more_than_a_few_is_refused_and_pages_are_still_served(server, browser):
    bob, eve = colleague(browser, "bob"), colleague(browser, "eve")
    with open_response(server, browser) as first, open_response(server, bob) as second:
        first.read(1000), second.read(1000)
        with open_response(server, eve) as third:
            refusal = third.read().decode()
        with open_response(server, browser, "/wallets/balance/") as page:
            page.read()

    assert (first.status, second.status, page.status) == (200, 200, 200)
    assert (third.status, third.getheader("Retry-After")) == (503, "30")
    assert "Сейчас выгружаются другие файлы. Повторите через полминуты." in refusal
    assert "уступит вам место" in refusal


@pytest.mark.slow
def test_of_a_member_one_file_is_exported_at_a_time(server, browser):
    with open_response(server, browser) as first:
        first.read(1000)
        with open_response(server, browser) as second:
            refusal = second.read().decode()

    assert (first.status, second.status) == (200, 429)
    assert "Ваш другой файл ещё выгружается." in refusal


# What fails before the first byte


@pytest.mark.parametrize("error", [OperationalError("gone"), csv.TooManyExports()])
def test_a_file_that_cannot_begin_is_a_503(browser, monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(csv, "tenant", fail)

    response = browser.get(URL)

    assert response.status_code == 503
    assert "Retry-After" in response.headers
    assert "Content-Disposition" not in response.headers
    assert "<h1>" in response.content.decode() and words(response)


@pytest.mark.slow
def test_a_file_takes_longer_than_a_statement_of_a_page_may(transactional_db):
    alice = make_member("alice", client=make_client("alpha"))
    make_transaction(alice)
    execute("set statement_timeout = '100ms'")
    slow = {"waited": Func(Value(0.5), function="pg_sleep", output_field=TextField())}

    try:
        lines = list(
            csv.stream_csv(
                Transaction.unscoped.all(), slow, client_id=alice.client.pk, zone=alice.client.zone
            )
        )
    finally:
        execute("reset statement_timeout")  # the pool gives the connection to other tests

    assert b"".join(lines).startswith("\ufeffwaited\n".encode())
