"""Health, and what a person or a program is told when something is wrong on our side."""

import psycopg
import psycopg_pool
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client as Browser

from clients.actions import create_api_key
from clients.audit import Actor
from clients.models import ApiKey
from paykassma_admin import health
from tests.factories import make_client, make_member, worker
from tests.pages import words
from wallets import api, views

transactional = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def browser():
    """Gets the page that a person gets, not the exception."""
    return Browser(raise_request_exception=False)


@pytest.fixture
def outage(monkeypatch):
    """The database is away from now on, until `outage.undo()`."""

    def refused(*args):
        raise psycopg.OperationalError("connection refused")

    connection.close()
    monkeypatch.setattr(DatabaseWrapper, "get_new_connection", refused)
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
    assert (ready.status_code, ready.json()) == (503, {"ready": False})


def test_health_asks_for_no_sign_in():
    assert not health.live.login_required
    assert not health.ready.login_required


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
def test_a_connection_that_the_server_ends_is_away_for_one_request(alice_at_work, monkeypatch):
    def end(*args, **kwargs):
        with connection.cursor() as cursor:
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
    def exhausted(*args):
        raise psycopg_pool.PoolTimeout("couldn't get a connection after 2.00 sec")

    connection.close()
    monkeypatch.setattr(DatabaseWrapper, "get_new_connection", exhausted)

    assert alice_at_work.get("/").status_code == 503


@transactional
def test_a_failure_of_ours_is_told_to_programs_in_json(browser, key, monkeypatch):
    fail_with(monkeypatch, RuntimeError("secret detail"), place=api)

    response = ask(browser, key)

    assert response.status_code == 500
    assert response.json() == {
        "reason": "В сервисе произошёл сбой. Мы разберёмся.",
        "request_id": response.headers["X-Request-ID"],
    }


@transactional
def test_what_a_failed_request_wrote_is_undone(browser, key, monkeypatch):
    fail_with(monkeypatch, RuntimeError("after the use of the key was recorded"), place=api)

    ask(browser, key)

    with worker():
        assert ApiKey.everyones.get().last_used_at is None


@transactional
def test_what_a_refused_request_wrote_stays(browser, key):
    assert ask(browser, key, body="{}").status_code == 400

    with worker():
        assert ApiKey.everyones.get().last_used_at is not None


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
