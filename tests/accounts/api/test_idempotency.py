import json
from datetime import timedelta
from threading import Event

import pytest
from django.test import Client as Browser
from time_machine import travel

from accounts.actions import create_api_key
from accounts.api.idempotency import remove_old_requests
from accounts.models import ApiKey, IdempotentRequest
from audit.record import Actor
from tests.conftest import NOON
from tests.support.database.at_once import at_once
from tests.support.database.raw_sql import constraint_that_refuses
from tests.support.factories import make_wallet, worker
from transactions.api import operations as api
from transactions.models import Transaction

pytestmark = pytest.mark.django_db

API = "/api/v1/transactions"
ROW = {
    "number": "T1",
    "payment_system": "upi_l",
    "wallet": "alpha-1",
    "direction": "incoming",
    "type": "real",
    "status": "not_activated",
    "amount": "1000.00",
    "currency": "INR",
    "country": "IN",
    "logged_at": "2026-11-24 10:00:00",
}
BREAKS = [
    ("idempotent_request_has_a_name", {"name": ""}),
    ("idempotent_request_sha256_is_a_digest", {"sha256": "x"}),
    ("idempotent_request_once", {}),
    ("idempotent_request_key_of_client", {"name": "two", "client_id": "charlie"}),
]
BROKEN = {constraint for constraint, _change in BREAKS}
transactional = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def key_of(member):
    with worker():
        return create_api_key(member.client, name="till", scopes=["write"], by=Actor("test"))


@pytest.fixture
def key(alice):
    make_wallet(alice.client)
    return key_of(alice)


def send(key, body=ROW, name="once"):
    browser = Browser(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": name}
    return browser.post(API, json.dumps(body), content_type="application/json", headers=headers)


def requests():
    with worker():
        return IdempotentRequest.unscoped.count()


@pytest.mark.parametrize(
    ("body", "status"), [(ROW, 201), ([ROW, {}], 200), (ROW | {"amount": "x"}, 422), ([], 422)]
)
def test_same_request_is_answered_as_it_was(key, body, status):
    first, second = send(key, body), send(key, body)

    assert (first.status_code, second.status_code) == (status, status)
    assert second.content == first.content
    assert second["Content-Type"] == first["Content-Type"]
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first


def test_same_request_is_not_done_again(key, monkeypatch):
    send(key)
    monkeypatch.setattr(api, "store_body", None)

    assert send(key).status_code == 201


def test_another_request_with_its_name_is_refused(key):
    send(key)

    response = send(key, ROW | {"number": "T2"})

    assert response.status_code == 422
    assert "Idempotency-Key" in response.json()["detail"]
    with worker():
        assert Transaction.unscoped.get().number == "T1"


def test_a_day_later_it_is_a_new_request(key):
    with travel(NOON, tick=False):
        send(key)
    with travel(NOON + timedelta(hours=24, seconds=1), tick=False):
        assert send(key).json()["outcome"] == "unchanged"


@pytest.mark.parametrize("name", ["", " ", "a b", "ä", "x" * 256])
def test_name_of_a_request_is_visible_ascii(key, name):
    assert send(key, name=name).status_code == 400
    assert requests() == 0


def test_name_is_its_keys_alone(key, alice, charlie, nets):
    make_wallet(charlie.client)
    send(key)

    assert send(key_of(alice)).json()["outcome"] == "unchanged"
    assert send(key_of(charlie)).json()["field"] == "wallet"
    assert requests() == 3


def test_request_that_failed_may_be_sent_again(key, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(api, "store_body", fail)
        assert send(key).status_code == 500

    assert send(key).status_code == 201


def test_request_whose_process_died_may_be_sent_again_after_a_minute(key):
    with travel(NOON, tick=False):
        send(key)
    with worker():
        IdempotentRequest.unscoped.update(status=None, media_type="", body="")

    with travel(NOON + timedelta(seconds=59), tick=False):
        assert send(key).status_code == 409
    with travel(NOON + timedelta(seconds=61), tick=False):
        assert send(key, ROW | {"number": "T2"}).status_code == 422
        assert send(key).json()["outcome"] == "unchanged"


@transactional
def test_request_that_is_at_work_is_answered_by_409_and_its_key_is_free(key, monkeypatch):
    begun, go_on = Event(), Event()
    store_body = api.store_body

    def wait(*args):
        begun.set()
        assert go_on.wait(20)
        return store_body(*args)

    def meanwhile():
        assert begun.wait(20)
        try:
            with worker():
                ApiKey.unscoped.select_for_update(nowait=True).get()
            return send(key)
        finally:
            go_on.set()

    monkeypatch.setattr(api, "store_body", wait)

    first, second = at_once(lambda: send(key), meanwhile)

    assert (first.status_code, second.status_code) == (201, 409)
    assert second["Retry-After"] == "5"


@transactional
def test_requests_at_the_same_time_are_done_once(key):
    answers = at_once(*[lambda: send(key)] * 2)

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses in ([201, 201], [201, 409])


def test_old_requests_are_removed(key):
    with travel(NOON, tick=False):
        send(key)
    with travel(NOON + timedelta(hours=20), tick=False):
        send(key, name="twice")
        with worker():
            assert remove_old_requests() == 0
    with travel(NOON + timedelta(hours=25), tick=False), worker():
        assert remove_old_requests() == 1
    assert requests() == 1


@pytest.mark.parametrize(("constraint", "change"), BREAKS)
def test_what_cannot_be_is_refused_by_the_database(key, charlie, constraint, change):
    send(key)
    with worker():
        [row] = IdempotentRequest.unscoped.values()
    row.pop("id")
    change = {
        name: charlie.client.pk if name == "client_id" else text for name, text in change.items()
    }

    assert constraint_that_refuses("accounts_idempotentrequest", row | change) == constraint
