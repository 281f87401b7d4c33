import re
import time

import pytest
from django.forms import ChoiceField, Form, RadioSelect, Select
from django.utils import translation

from paykassma_admin.lists.rendered_fields import render_fields
from tests.support.factories import (
    make_accumulation,
    make_payment_system,
    make_transaction,
    make_wallet,
    worker,
)

pytestmark = pytest.mark.django_db

EVIL = "<b onclick='x()'>\"&"
WRITTEN = "&lt;b onclick=&#x27;x()&#x27;&gt;&quot;&amp;"


@pytest.fixture
def evil(alice):
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
def test_payers_texts_are_escaped_in_every_cell(client, alice, evil, address, times):
    client.force_login(alice)

    page = client.get(address.format(pk=evil.pk)).content.decode()

    assert "<b " not in page
    assert page.count(WRITTEN) >= times


def test_query_is_escaped_in_page_links(client, alice, evil):
    for n in range(25):
        make_transaction(alice, f"number-{n}", label=EVIL)
    client.force_login(alice)

    page = client.get("/payments/transactions/", {"label": EVIL}).content.decode()

    assert 'rel="next"' in page
    assert "<b " not in page
    assert not re.findall(r'href="[^"]*&(?!amp;)[^"]*"', page)


@pytest.mark.parametrize("address", ["/payments/transactions/", "/payments/transactions/{pk}/"])
def test_copy_icon_stands_on_the_page_once(client, alice, evil, address):
    make_transaction(alice, "another")
    client.force_login(alice)

    page = client.get(address.format(pk=evil.pk)).content.decode()

    assert page.count('id="copy-drawing"') == 1
    assert page.count('<use href="#copy-drawing"/>') == page.count("data-pk-copy=") >= 2


def test_different_fields_of_one_name_are_rendered_apart():
    def drawn_field(**said):
        form = Form({})
        form.fields["country"] = ChoiceField(**said)
        return render_fields([form["country"]], None)

    with translation.override("en"):
        shown = [
            drawn_field(label=label, help_text=help_text, choices=choices, widget=widget)
            for label in ("Country", "Of the wallet")
            for help_text in ("", "Where the payer is")
            for choices in ([("IN", "India")], [("BD", "Bangladesh")])
            for widget in (Select, RadioSelect)
        ]

    assert len(set(shown)) == len(shown)


def test_rendered_field_is_not_shown_to_another_client(client, alice, charlie):
    make_transaction(alice, wallet=make_wallet(alice.client, "ALICES-wallet"))
    for user, sees in ((alice, True), (charlie, False), (alice, True)):
        client.force_login(user)
        page = client.get("/payments/transactions/").content.decode()
        assert ("ALICES-wallet" in page) is sees


def test_new_wallet_is_offered_within_a_minute(client, alice, monkeypatch):
    client.force_login(alice)
    client.get("/payments/transactions/")
    new = make_wallet(alice.client, "BRAND-NEW")
    make_transaction(alice, "paid-there", wallet=new)

    assert "paid-there" in client.get(f"/payments/transactions/?wallet={new.pk}").content.decode()

    make_wallet(alice.client, "NEWER-STILL")
    later = time.time() + 61
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: later)
    assert "NEWER-STILL" in client.get("/payments/transactions/").content.decode()


def test_new_payment_system_name_appears_within_a_minute(client, alice, monkeypatch):
    client.force_login(alice)
    make_transaction(alice, "known")
    client.get("/payments/transactions/")
    new = make_payment_system("new", name="BRAND-NEW")
    make_transaction(alice, wallet=make_wallet(alice.client, "N", payment_system="new"))

    assert names_in_list(client) == {"BRAND-NEW", "upi_l"}

    new.name = "RENAMED"
    with worker():
        new.save()
    later = time.time() + 61
    monkeypatch.setattr("django.core.cache.backends.locmem.time.time", lambda: later)
    assert names_in_list(client) == {"RENAMED", "upi_l"}


def names_in_list(client):
    table = client.get("/payments/transactions/").context["table"]
    return {record.payment_system_name for record in table.data}
