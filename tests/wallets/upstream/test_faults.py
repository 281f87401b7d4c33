"""Whatever an upstream does, the form and the API say it, with the last known balance."""

import socket
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions import create_api_key
from audit.record import Actor
from tests.support.factories import make_balance, seeing, worker
from tests.support.pages import words
from wallets.models import Balance, UpstreamRequest
from wallets.upstream import network

pytestmark = pytest.mark.django_db

API = "/api/v1/wallets/balance"
FORM = "/wallets/balance/"
HISTORY = "/wallets/balance/history/"
ASKED = {"wallet_type": "upi_l"}

FAULTS = {
    "slow": ("slow", "Платёжная система не ответила вовремя."),
    "drops": ("slow", "Платёжная система не ответила вовремя."),
    "closed": ("closed", "С платёжной системой нет связи."),
    "half": ("closed", "С платёжной системой нет связи."),
    "huge": ("too_large", "Ответ платёжной системы слишком велик для баланса."),
    "html": ("nonsense", "Ответ платёжной системы непонятен."),
    "nan": ("nonsense", "Ответ платёжной системы непонятен."),
    "wrong_type": ("nonsense", "Ответ платёжной системы непонятен."),
    "error": ("error", "Платёжная система ответила ошибкой."),
    "redirect": ("redirect", "Платёжная система перенаправляет на другой адрес"),
    "private": ("forbidden", "Адрес платёжной системы не разрешён."),
}


@pytest.fixture
def key(alice):
    with worker():
        return create_api_key(alice.client, name="shop", by=Actor("test"))


@pytest.fixture
def ask_api(client, key):
    def ask(body=ASKED):
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "ru"}
        return client.post(API, body, content_type="application/json", headers=headers)

    return ask


def set_url(source, url):
    with worker():
        source.url = url
        source.save()


@pytest.fixture
def broken(request, source, upstream, hurry, monkeypatch):
    """The outcome and the sentence of an upstream with the fault that is asked for."""
    fault = request.param
    if fault == "private":
        monkeypatch.setattr(network.socket, "getaddrinfo", resolve_inside)
        set_url(source, "https://upstream.example/balance")
    else:
        set_url(source, f"http://{upstream.address}/{fault}")
    return FAULTS[fault]


def resolve_inside(host, port, **options):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", port))]


each_fault = pytest.mark.parametrize("broken", FAULTS, indirect=True)


@each_fault
def test_form_shows_the_last_known_balance(client, alice, broken):
    make_balance(alice, as_of=timezone.now() - timedelta(hours=3))
    outcome, sentence = broken
    client.force_login(alice)

    response = client.get(FORM, ASKED)

    text = words(response)
    assert response.status_code == 200
    assert sentence in text
    assert "123 456,00" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "3 часа" in text.replace("\N{NO-BREAK SPACE}", " ")
    with seeing(alice):
        assert UpstreamRequest.objects.for_client(alice.client).get().outcome == outcome


@each_fault
def test_api_answers_with_the_last_known_balance(alice, broken, ask_api):
    make_balance(alice, as_of=timezone.now() - timedelta(hours=3))
    _outcome, sentence = broken

    response = ask_api()

    answer = response.json()
    assert response.status_code == 200
    assert (answer["status"], answer["balance"], answer["commission"]) == (True, 123456.0, 1.5)
    assert answer["as_of"] == "2026-11-24T14:30:00+05:30"[:16] + answer["as_of"][16:]
    assert answer["reason"].startswith(sentence)


@each_fault
def test_balance_that_was_never_known_is_null_and_no_zero(broken, ask_api):
    answer = ask_api().json()

    assert answer["balance"] is None
    assert answer["reason"].endswith("Его баланс ещё не известен.")


def test_balance_comes_from_the_upstream(client, alice, source, ask_api, upstream):
    make_balance(alice, amount=Decimal(1))

    answer = ask_api().json()

    assert answer["balance"] > 100_000
    assert (answer["commission"], answer["reason"]) == (1.5, None)
    assert upstream.asked == [("/balance", ASKED, "Bearer s3cret")]
    client.force_login(alice)
    assert client.get(FORM, ASKED).context["answer"].balance == Decimal(str(answer["balance"]))


def test_unavailable_wallet_is_told_as_such(client, alice, source, upstream, ask_api):
    set_url(source, f"http://{upstream.address}/unavailable")

    answer = ask_api().json()

    assert (answer["status"], answer["balance"]) == (False, None)
    assert "кошелёк upi_l недоступен" in answer["reason"]
    client.force_login(alice)
    assert "кошелёк upi_l недоступен" in words(client.get(FORM, ASKED))


def test_what_came_is_kept_with_who_asked_and_when(alice, source, ask_api, key):
    ask_api()

    with seeing(alice):
        kept = UpstreamRequest.objects.for_client(alice.client).get()
    assert (kept.actor, kept.actor_kind) == (f"key {key[:12]}", "key")
    assert kept.outcome == "answered" and kept.http_status == 200
    assert kept.body.startswith('{"status": true')
    assert 0 <= kept.milliseconds < 5000


def test_secret_that_an_upstream_repeats_is_not_kept(alice, source, ask_api, monkeypatch):
    from devtools.upstream import stub

    monkeypatch.setitem(stub.FAULTS, "balance", stub.say("no access for s3cret", status=403))

    ask_api()

    with seeing(alice):
        assert UpstreamRequest.objects.for_client(alice.client).get().body == "no access for …"


def test_secret_of_a_key_that_is_gone_is_told(source, ask_api, settings):
    with worker():
        source.encrypted_secret = "gAAAAA"
        source.save()

    assert ask_api().json()["reason"].startswith("Секрет платёжной системы утрачен.")


def test_answer_is_fresh_for_ten_seconds(source, ask_api, upstream):
    for _ in range(3):
        ask_api()

    assert len(upstream.asked) == 1


def test_upstream_rests_after_five_failures(alice, source, ask_api, upstream, time_machine_at):
    set_url(source, f"http://{upstream.address}/nan")
    for n in range(5):
        with time_machine_at(seconds=11 * n):
            ask_api()
    with time_machine_at(seconds=60):
        assert ask_api().json()["reason"].startswith("Ответ платёжной системы непонятен.")
    assert len(upstream.asked) == 5
    with time_machine_at(seconds=80):
        ask_api()
    assert len(upstream.asked) == 6


def test_source_of_reports_asks_nobody(source, ask_api, alice, upstream):
    make_balance(alice)
    with worker():
        source.kind = "reported"
        source.save()

    assert ask_api().json()["balance"] == 123456.0
    assert upstream.asked == []


def test_other_clients_source_is_not_asked(client, charlie, source, upstream):
    client.force_login(charlie)

    assert client.get(FORM, ASKED).status_code == 200
    assert upstream.asked == []


def test_asked_balance_is_in_the_list_and_stored(alice, source, ask_api):
    ask_api()

    with seeing(alice):
        stored = Balance.objects.for_client(alice.client).get()
    assert stored.currency == "INR"


def test_auditor_asks_no_upstream(client, bob, source, upstream):
    client.force_login(bob)

    assert client.get(FORM, ASKED).status_code == 403
    assert upstream.asked == []
