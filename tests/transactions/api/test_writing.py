"""Rows that a program writes over HTTP: what becomes of each, and whose they are."""

import gzip
import json
from http import HTTPStatus

import pytest

from accounts.actions import create_api_key
from accounts.models import ApiKey
from audit.record import Actor
from paykassma_admin.api.bodies import MAX_ROWS
from paykassma_admin.middleware.request_body import MAX_API_BYTES
from tests.support.factories import make_transaction, make_wallet, seeing, worker
from transactions.models import Change, Source, SourceKind, Transaction

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


def key_of(member, *scopes):
    with worker():
        return create_api_key(
            member.client, name="till", scopes=scopes or ["write"], by=Actor("test")
        )


@pytest.fixture
def key(alice):
    make_wallet(alice.client)
    return key_of(alice)


def send(client, key, body, **headers):
    body = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"Authorization": f"Bearer {key}"} | headers
    return client.post(API, body, content_type="application/json", headers=headers)


def outcomes(response):
    assert response.status_code == 200, response.content
    return [result["outcome"] for result in response.json()]


def stored(member, number="T1"):
    with seeing(member):
        return Transaction.unscoped.get(number=number)


# One row


def test_new_row_is_created(client, alice, key):
    response = send(client, key, ROW | {"amount": 1000.1, "label": "user-1"})

    assert (response.status_code, response.json()["outcome"]) == (201, "created")
    row = stored(alice)
    assert (str(row.amount), row.label, row.client_id) == ("1000.1000", "user-1", alice.client.pk)


@pytest.mark.parametrize(
    ("before", "change", "status", "outcome"),
    [
        ({}, {}, 200, "unchanged"),
        ({}, {"status": "activated"}, 200, "changed"),
        ({"status": "activated"}, {}, 200, "stale"),
        ({}, {"amount": "1"}, 409, "conflict"),
        ({}, {"status": "declined", "amount": "1"}, 409, "conflict"),
        ({"status": "declined"}, {"status": "activated"}, 409, "conflict"),
        ({}, {"wallet": "no-such"}, 422, "invalid"),
        ({}, {"payment_system": "no-such"}, 422, "invalid"),
        ({}, {"amount": "1,50"}, 422, "invalid"),
        ({}, {"logged_at": None}, 422, "invalid"),
        ({}, {"more": "1"}, 422, "invalid"),
    ],
)
def test_row_that_comes_again_is_answered_by_its_status(
    client, key, before, change, status, outcome
):
    send(client, key, ROW | before)

    response = send(client, key, ROW | change)

    assert (response.status_code, response.json()["outcome"]) == (status, outcome)


def test_refused_row_is_a_problem_that_names_its_field(client, key):
    response = send(client, key, ROW | {"amount": "1,50"})

    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "detail": response.json()["reason"],
        "reason": "amount: «1,50» — не простое число."
        " Напишите его цифрами с точкой, так: «1234.50».",
        "request_id": response["X-Request-ID"],
        "outcome": "invalid",
        "field": "amount",
    }


# A list


def test_each_row_of_a_list_is_answered_in_the_order_sent(client, alice, key):
    send(client, key, ROW)

    response = send(
        client,
        key,
        [
            ROW | {"number": "T3", "amount": "-1"},
            ROW | {"number": "T2"},
            ROW | {"status": "activated"},
            ROW | {"amount": "2"},
            "no row",
            ROW | {"number": "T2", "status": "pending"},
            ROW | {"number": "T2"},
        ],
    )

    assert outcomes(response) == [
        "invalid",
        "created",
        "changed",
        "conflict",
        "invalid",
        "changed",
        "stale",
    ]
    [minus, created, _changed, conflict, no_row, *_rest] = response.json()
    assert (minus["field"], created, conflict["field"]) == (
        "amount",
        {"outcome": "created"},
        "amount",
    )
    assert (no_row["field"], no_row["reason"]) == ("row", "это не объект JSON")
    assert stored(alice, "T2").status == "pending"


def test_list_sent_again_changes_nothing(client, alice, key):
    rows = [ROW | {"number": f"T{n}"} for n in range(MAX_ROWS)]

    assert outcomes(send(client, key, rows)) == ["created"] * MAX_ROWS
    assert outcomes(send(client, key, rows)) == ["unchanged"] * MAX_ROWS
    with seeing(alice):
        assert Transaction.unscoped.count() == MAX_ROWS


@pytest.mark.parametrize("count", [0, MAX_ROWS + 1])
def test_list_has_one_to_a_thousand_rows(client, key, count):
    response = send(client, key, [ROW] * count)

    assert response.status_code == 422
    assert str(count) in response.json()["detail"]


# Bodies


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'"text"',
        b"1",
        b"null",
        b'{"amount": NaN}',
        b'{"amount": "1", "amount": "2"}',
        b'[{"amount": "1", "amount": "2"}]',
        b"[" * 100_000,
        b'{"number": "\xff"}',
        b"number,amount",
    ],
)
def test_body_that_is_no_json_is_a_400(client, key, body):
    response = send(client, key, body)

    assert response.status_code == 400
    assert response.json()["detail"]


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_row_with_what_is_no_text_is_invalid(client, key, text):
    assert send(client, key, ROW | {"label": text}).status_code == 422


def test_compressed_body_is_read(client, alice, key):
    body = gzip.compress(json.dumps(ROW).encode())

    assert send(client, key, body, **{"Content-Encoding": "gzip"}).status_code == 201


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (gzip.compress(b" " * 50_000_000), "gzip", 413),
        (gzip.compress(b"[]")[:-1], "gzip", 400),
        (gzip.compress(b"[]") + b"x", "gzip", 400),
        (b"[]", "gzip", 400),
        (b"[]", "br", 415),
        (b" " * (MAX_API_BYTES + 1), "identity", 413),
    ],
    ids=["bomb", "cut", "longer", "none", "unknown", "long"],
)
def test_body_is_bounded_also_when_it_is_inflated(client, key, body, encoding, status):
    response = send(client, key, body, **{"Content-Encoding": encoding})

    assert response.status_code == status


# Whose


def test_rows_name_their_key_as_their_source(client, alice, key):
    send(client, key, ROW)
    send(client, key, [ROW | {"number": "T2"}, ROW | {"status": "activated"}])

    with seeing(alice):
        source = Source.unscoped.get()
        assert (source.kind, source.name) == (SourceKind.KEY, f"till ({key[:12]}…)")
        assert {row.source_id for row in Transaction.unscoped.all()} == {source.pk}
        change = Change.unscoped.get()
        assert (change.source_id, change.actor) == (source.pk, f"key {key[:12]}")


def test_key_writes_nothing_of_a_stranger(client, alice, charlie, key, nets):
    theirs = make_transaction(charlie, "T1")
    wallet = theirs.wallet.number

    response = send(client, key, ROW | {"wallet": wallet, "status": "declined"})

    assert (response.status_code, response.json()["field"]) == (422, "wallet")
    assert stored(charlie).status == theirs.status
    with seeing(alice):
        assert not Transaction.objects.for_client(alice.client).exists()


@pytest.mark.parametrize("scopes", [["read"], ["balance"], ["read", "balance"]])
def test_key_without_write_writes_nothing(client, alice, key, scopes):
    assert send(client, key_of(alice, *scopes), ROW).status_code == 403
    with seeing(alice):
        assert not Transaction.unscoped.exists()


# The minute of a key


def test_answer_says_what_the_key_has_left(client, key, settings):
    settings.API_REQUESTS_A_MINUTE = 2

    left = [send(client, key, ROW)["X-RateLimit-Remaining"] for _request in range(3)]
    refused = send(client, key, ROW)

    assert left == ["1", "0", "0"]
    assert refused.status_code == 429
    assert refused["X-RateLimit-Limit"] == "2"
    assert refused["X-RateLimit-Reset"] == refused["Retry-After"]


def test_request_that_fails_counts_too(client, key, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("transactions.api.operations.store_body", fail)
    client.raise_request_exception = False

    assert send(client, key, ROW).status_code == 500
    with worker():
        assert ApiKey.unscoped.get().counted_requests == 1
