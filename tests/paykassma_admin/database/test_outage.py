import logging
from contextlib import contextmanager

import psycopg
import psycopg_pool
import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client as Browser
from django.utils.module_loading import import_string

from accounts.actions import create_api_key
from accounts.models import ApiKey
from audit.record import Actor
from paykassma_admin.middleware.log_filters import NoRepeatsFilter, WrongHostFilter
from paykassma_admin.middleware.request_ids import LineFormatter
from tests.support.factories import PASSWORD, make_client, make_member, worker
from tests.support.pages import words
from wallets import views
from wallets.api import balance as api

transactional = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def browser():
    return Browser(raise_request_exception=False)


@pytest.fixture
def outage(monkeypatch):
    def refuse(*args):
        raise psycopg.OperationalError("connection refused")

    connection.close()
    monkeypatch.setattr(DatabaseWrapper, "get_new_connection", refuse)
    return monkeypatch


@pytest.fixture
def alice_at_work(transactional_db, browser):
    browser.force_login(make_member("alice", client=make_client("alpha")))
    return browser


@pytest.fixture
def key(transactional_db):
    client = make_client("alpha")
    with worker():
        return create_api_key(client, name="shop", by=Actor("test"))


def ask(browser, key, body='{"wallet_type": "upi_l"}'):
    return browser.post(
        "/api/v1/wallets/balance",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def fail_with(monkeypatch, error, *, place=views):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(place, "request_balance", fail)


def test_live_asks_nobody(browser):
    response = browser.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"live": True})
    assert "Set-Cookie" not in response.headers


@pytest.mark.django_db
def test_ready_asks_the_database(browser):
    response = browser.get("/health/ready")

    assert (response.status_code, response.json()) == (200, {"ready": True})


@transactional
def test_live_and_not_ready_while_the_database_is_away(browser, outage):
    live, ready = browser.get("/health/live"), browser.get("/health/ready")

    assert live.status_code == 200
    reason = "The database does not answer."
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "reason": reason})


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.1.2.3", "10.1.2.3:8000", "[fd00::1]", "other.example.com"])
def test_health_answers_by_whatever_name_it_is_asked(browser, caplog, host):
    answers = [
        browser.get(f"/health/{probe}", headers={"host": host}) for probe in ("live", "ready")
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert not caplog.records


@contextmanager
def read_only():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction read only")
        yield


@pytest.mark.django_db
def test_a_database_that_takes_no_changes_is_not_ready(browser):
    with read_only():
        response = browser.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "reason": "The database is read-only."}


@pytest.mark.django_db
def test_while_the_database_takes_no_changes_a_page_that_writes_says_so(browser, alice):
    browser.force_login(alice)

    with read_only():
        response = browser.get("/wallets/balance/?wallet_type=upi_l")

    assert response.status_code == 503
    assert "Сервис временно недоступен" in words(response)
    assert response["Refresh"] == "10"


def take_too_long(*args, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = '20ms'")
        cursor.execute("select pg_sleep(10)")


@pytest.fixture(params=["ru", "en"])
def language(request):
    return request.param


@pytest.mark.django_db
def test_a_statement_that_ran_too_long_is_no_outage(browser, alice, monkeypatch, language):
    monkeypatch.setattr(views, "request_balance", take_too_long)
    browser.force_login(alice)
    browser.cookies["django_language"] = language

    response = browser.get("/wallets/balance/?wallet_type=upi_l")

    said = {"ru": "Это заняло слишком много времени", "en": "This took too long"}
    assert response.status_code == 504
    assert said[language] in words(response)
    assert not {"Refresh", "Retry-After"} & response.headers.keys()


@transactional
def test_a_program_is_told_that_it_asked_for_too_much(browser, key, monkeypatch):
    monkeypatch.setattr(api, "request_balance", take_too_long)

    response = ask(browser, key)

    assert response.status_code == 504
    assert response.json()["reason"].startswith("Это заняло слишком много времени")
    assert "Retry-After" not in response.headers


@pytest.mark.django_db(databases=["default", "worker", "owner"])
@pytest.mark.parametrize(("alias", "limit"), [("default", "30s"), ("worker", "0"), ("owner", "0")])
def test_statements_of_pages_alone_are_limited(alias, limit):
    with connections[alias].cursor() as cursor:
        cursor.execute("show statement_timeout")

        assert cursor.fetchall() == [(limit,)]


# The log


@pytest.fixture
def log(caplog):
    filters = [import_string(each["()"])() for each in settings.LOGGING["filters"].values()]
    kept = [each for each in filters if not isinstance(each, WrongHostFilter | NoRepeatsFilter)]
    formatter = LineFormatter("%(levelname)s %(message)s")

    def lines():
        records = [record for record in caplog.records if all(f.filter(record) for f in kept)]
        return "\n".join(map(formatter.format, records)).splitlines()

    return lines


@transactional
def test_an_outage_is_one_line_of_the_log(alice_at_work, outage, log):
    alice_at_work.get("/login/")

    assert log() == ["ERROR Service Unavailable: /login/: connection refused"]


@pytest.mark.django_db
def test_a_statement_that_ran_too_long_is_one_line_of_the_log(browser, alice, monkeypatch, log):
    monkeypatch.setattr(views, "request_balance", take_too_long)
    browser.force_login(alice)

    browser.get("/wallets/balance/?wallet_type=upi_l")

    [line] = log()
    assert line.startswith("ERROR Gateway Timeout: /wallets/balance/: canceling statement")


@transactional
def test_a_failure_of_ours_keeps_its_traceback(alice_at_work, monkeypatch, log):
    fail_with(monkeypatch, RuntimeError("detail"))

    alice_at_work.get("/wallets/balance/?wallet_type=upi_l")

    assert "    Traceback (most recent call last):" in log()


def test_what_the_pool_says_again_and_again_is_said_once():
    silence = NoRepeatsFilter()
    texts = ["away: 1", "away: 1", "away: 2", "away: 2"]

    said = [silence.filter(logging.makeLogRecord({"msg": text})) for text in texts]

    assert said == [True, False, True, False]


@pytest.mark.parametrize(
    ("host", "is_logged"),
    [("10.1.2.3", False), ("10.1.2.3:80", False), ("[::1]:80", False), ("other.com", True)],
)
def test_a_page_asked_by_address_is_no_line_of_the_log(browser, caplog, host, is_logged):
    response = browser.get("/", headers={"host": host})

    said = [r for r in caplog.records if WrongHostFilter().filter(r)]
    assert response.status_code == 400
    assert bool(said) == is_logged
    assert all(record.exc_info is None for record in said)
    logger = settings.LOGGING["loggers"]["django.security.DisallowedHost"]
    assert logger["filters"] == ["wrong_host"]


@transactional
@pytest.mark.parametrize("address", ["/", "/login/", "/payments/transactions/", "/admin/"])
def test_while_the_database_is_away_a_page_says_so_and_comes_back(alice_at_work, outage, address):
    response = alice_at_work.get(address)

    assert response.status_code == 503
    assert "Сервис временно недоступен" in words(response)
    assert "данные в сохранности" in words(response).lower()
    assert response["Retry-After"] == response["Refresh"] == "10"


@transactional
def test_what_was_posted_is_not_sent_again_by_itself(alice_at_work, outage):
    response = alice_at_work.post("/login/", {"login": "alice", "password": "x"})

    assert response.status_code == 503
    assert "Refresh" not in response.headers


@transactional
def test_when_the_database_is_back_so_are_the_pages(alice_at_work, outage):
    away = alice_at_work.get("/wallets/balance/")
    outage.undo()

    back = alice_at_work.get("/wallets/balance/")

    assert (away.status_code, back.status_code) == (503, 200)


@transactional
def test_while_the_database_is_away_the_api_says_so_in_json(browser, outage):
    response = ask(browser, "key")

    assert response.status_code == 503
    assert response.json()["reason"].startswith("Сервис временно недоступен.")
    assert response["Retry-After"] == "10"


@transactional
@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_goes_in_the_middle_is_away_too(alice_at_work, monkeypatch, error):
    fail_with(monkeypatch, error)

    response = alice_at_work.get("/wallets/balance/?wallet_type=upi_l")

    assert response.status_code == 503


@transactional
@pytest.mark.parametrize("times", [1, 2, 3])
def test_no_connection_to_go_on_with_once_a_password_is_hashed_is_no_fault_of_ours(
    alice_at_work, monkeypatch, times
):
    """Hashing holds none: others may have taken all of them, for a while or for longer."""
    encode, connect = MD5PasswordHasher.encode, DatabaseWrapper.get_new_connection
    waited = []

    def others_take_all(*args):
        monkeypatch.setattr(DatabaseWrapper, "get_new_connection", wait)
        return encode(*args)

    def wait(*args):
        waited.append(args)
        if len(waited) <= times:
            raise psycopg_pool.PoolTimeout("couldn't get a connection after 2.00 sec")
        return connect(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", others_take_all)
    response = alice_at_work.post("/security/confirm/", {"password": PASSWORD})

    assert response.status_code == 503
    assert "Сервис временно недоступен" in words(response)


@transactional
def test_a_connection_that_the_server_ends_is_away_for_one_request(alice_at_work, monkeypatch):
    def end(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("set role paykassma_backoffice")  # as which the tests sign in
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(views, "request_balance", end)
    ended = alice_at_work.get("/wallets/balance/?wallet_type=upi_l")
    monkeypatch.undo()

    assert ended.status_code == 503
    assert alice_at_work.get("/wallets/balance/?wallet_type=upi_l").status_code == 200


@transactional
def test_a_failure_of_ours_is_a_500_without_details(alice_at_work, monkeypatch):
    fail_with(monkeypatch, RuntimeError("secret detail"))

    response = alice_at_work.get("/wallets/balance/?wallet_type=upi_l")

    assert response.status_code == 500
    assert "Что-то сломалось у нас" in words(response)
    assert "secret detail" not in response.content.decode()


@transactional
def test_no_connection_to_be_had_in_two_seconds_is_the_database_away(alice_at_work, monkeypatch):
    def raise_pool_timeout(*args):
        raise psycopg_pool.PoolTimeout("couldn't get a connection after 2.00 sec")

    connection.close()
    monkeypatch.setattr(DatabaseWrapper, "get_new_connection", raise_pool_timeout)

    assert alice_at_work.get("/").status_code == 503


@transactional
def test_a_failure_of_ours_is_told_to_programs_in_json(browser, key, monkeypatch):
    fail_with(monkeypatch, RuntimeError("secret detail"), place=api)

    response = ask(browser, key)

    assert response.status_code == 500
    answer = response.json()
    assert answer["reason"] == "В сервисе произошёл сбой. Мы разберёмся."
    assert answer["request_id"] == response.headers["X-Request-ID"]


@transactional
def test_failed_request_counts_as_a_use_of_its_key(browser, key, monkeypatch):
    fail_with(monkeypatch, RuntimeError("after the use of the key was recorded"), place=api)

    ask(browser, key)

    with worker():
        assert ApiKey.unscoped.get().last_used_at is not None


@transactional
def test_what_a_refused_request_wrote_stays(browser, key):
    assert ask(browser, key, body="{}").status_code == 400

    with worker():
        assert ApiKey.unscoped.get().last_used_at is not None


@pytest.mark.django_db
def test_an_unknown_address_is_a_404_in_our_dress(browser):
    response = browser.get("/no/such/page/")

    assert response.status_code == 404
    assert "Такой страницы нет" in words(response)


@pytest.mark.django_db
def test_a_form_that_cannot_be_read_is_a_400_in_our_dress(browser):
    response = browser.post(
        "/login/", b"x", content_type="application/x-www-form-urlencoded; charset=utf-16"
    )

    assert response.status_code == 400
    assert "Запрос составлен неверно" in words(response)
