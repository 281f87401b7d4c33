from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.support.factories import make_upstream_request
from tests.support.pages import words

pytestmark = pytest.mark.django_db

HISTORY = "/wallets/balance/history/"


def test_history_shows_what_came_and_who_asked(client, alice):
    make_upstream_request(alice)
    make_upstream_request(
        alice, outcome="slow", amount=None, body="", actor="key pk_1", http_status=None
    )
    client.force_login(alice)

    text = words(client.get(HISTORY)).replace("\N{NO-BREAK SPACE}", " ")

    assert "500,50" in text and "alice" in text and "Есть ответ" in text
    assert "Нет ответа вовремя" in text and "key pk_1" in text
    assert "120 мс" in text


def test_chosen_type_has_a_chart_of_its_balances(client, alice):
    for n, amount in enumerate([500, 700, 600]):
        at = timezone.now() - timedelta(minutes=30 - n)
        make_upstream_request(alice, amount=Decimal(amount), asked_at=at)
    client.force_login(alice)

    line = client.get(HISTORY, {"wallet_type": "upi_l"}).context["line"]

    assert line.points == [(12, 148), (480, 12), (948, 80)]
    assert line.path == "M12,148H480V12H948V80"


def test_two_currencies_share_no_line(client, alice):
    for currency in ("USD", "INR"):
        make_upstream_request(alice, currency=currency)
    client.force_login(alice)

    assert client.get(HISTORY, {"wallet_type": "upi_l"}).context["line"] is None


def test_unknown_type_is_told(client, alice):
    make_upstream_request(alice)
    client.force_login(alice)

    response = client.get(HISTORY, {"wallet_type": "nope"})

    assert "Типа кошелька «nope» среди опрашиваемых нет." in words(response)
    assert response.context["requests"] == []


def test_upstreams_markup_is_text(client, alice):
    make_upstream_request(alice, body="<script>alert(1)</script>")
    client.force_login(alice)

    assert b"<script>alert" not in client.get(HISTORY).content


def test_stranger_sees_no_history(client, alice, charlie):
    make_upstream_request(alice)
    client.force_login(charlie)

    assert client.get(HISTORY).context["requests"] == []


def test_auditor_is_refused(client, bob):
    client.force_login(bob)

    assert client.get(HISTORY).status_code == 403
