"""Cells are put together by hand: nothing of a payer may become markup."""

import time

import pytest

from tests.factories import make_accumulation, make_payment_system, make_transaction, make_wallet

pytestmark = pytest.mark.django_db

EVIL = "<b onclick='x()'>\"&"
WRITTEN = "&lt;b onclick=&#x27;x()&#x27;&gt;&quot;&amp;"


@pytest.fixture
def evil(alice):
    """A transaction and an accumulation whose every text is markup."""
    make_payment_system("evil", name=EVIL)
    wallet = make_wallet(alice.client, EVIL, payment_system="evil", name=EVIL)
    texts = dict.fromkeys(("number", "label", "order_number", "counterparty"), EVIL)
    forced = {"type": "forced", "forced_by": EVIL, "forced_reason": EVIL}
    forced["forced_at"] = "2026-11-24T12:00+00:00"
    transaction = make_transaction(alice, wallet=wallet, **(texts | forced))
    make_accumulation(alice, EVIL, wallet=wallet, label=EVIL, transactions=[transaction])
    return transaction


@pytest.mark.parametrize(
    ("address", "times"),
    [
        ("/payments/transactions/", 9),
        ("/payments/transactions/{pk}/", 12),
        ("/payments/accumulations/", 2),
    ],
)
def test_what_a_payer_wrote_is_text_in_every_cell(client, alice, evil, address, times):
    client.force_login(alice)

    page = client.get(address.format(pk=evil.pk)).content.decode()

    assert "<b " not in page
    assert page.count(WRITTEN) >= times


def test_a_fields_drawing_is_not_shown_to_another_client(client, alice, charlie):
    make_transaction(alice, wallet=make_wallet(alice.client, "ALICES-wallet"))
    for user, sees in ((alice, True), (charlie, False), (alice, True)):
        client.force_login(user)
        page = client.get("/payments/transactions/").content.decode()
        assert ("ALICES-wallet" in page) is sees


def test_a_new_wallet_is_found_at_once_and_offered_within_a_minute(client, alice, monkeypatch):
    client.force_login(alice)
    client.get("/payments/transactions/")
    new = make_wallet(alice.client, "BRAND-NEW")
    make_transaction(alice, "paid-there", wallet=new)

    assert "paid-there" in client.get(f"/payments/transactions/?wallet={new.pk}").content.decode()

    make_wallet(alice.client, "NEWER-STILL")
    later = time.time() + 61
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: later)
    assert "NEWER-STILL" in client.get("/payments/transactions/").content.decode()
