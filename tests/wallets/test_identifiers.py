import pytest

from accounts.actions import create_api_key
from audit.record import Actor
from tests.support.factories import make_balance, make_payment_system, worker
from wallets.models import PaymentSystem, Wallet

pytestmark = pytest.mark.django_db

SEEN = ["\u200bupi_l\ufeff", "\u202dupi_l\u202c", " 'upi_l' ", '="upi_l"']
INSIDE = "upi\u200b_l"


@pytest.fixture
def ask(client, alice):
    with worker():
        key = create_api_key(alice.client, name="shop", by=Actor("test"))
    return lambda wallet_type: client.post(
        "/api/v1/wallets/balance",
        {"wallet_type": wallet_type},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


@pytest.mark.parametrize("wallet_type", SEEN)
def test_api_cleans_a_copied_wallet_type(ask, alice, wallet_type):
    make_balance(alice)

    assert ask(wallet_type).json()["status"] is True


def test_api_refuses_invisible_characters_inside(ask):
    answer = ask(INSIDE)

    assert answer.status_code == 400
    assert answer.json()["reason"] == "«wallet_type» содержит невидимый символ (U+200B)."


@pytest.mark.parametrize("wallet_type", SEEN)
def test_form_cleans_a_copied_wallet_type(client, alice, wallet_type):
    make_balance(alice)
    client.force_login(alice)

    page = client.get("/wallets/balance/", {"wallet_type": wallet_type})

    assert page.context["answer"].status is True


def test_form_refuses_invisible_characters_inside(client, alice):
    client.force_login(alice)

    page = client.get("/wallets/balance/", {"wallet_type": INSIDE})

    assert page.context["form"].errors == {"wallet_type": ["Содержит невидимый символ (U+200B)."]}


@pytest.fixture
def office(client, dora):
    client.force_login(dora)
    return client


def test_back_office_cleans_a_copied_wallet(office, alice):
    system = make_payment_system()
    wallet = {
        "client": alice.client.pk,
        "payment_system": system.pk,
        "number": "\u202d'9876-1'\u202c",
        "currency": "INR",
        "country": "IN",
    }

    office.post("/admin/wallets/wallet/add/", wallet)
    refused = office.post("/admin/wallets/wallet/add/", wallet | {"number": "98\u200b76"})

    with worker():
        assert Wallet.unscoped.filter(number="9876-1").exists()
    assert "невидимый символ (U+200B)" in refused.content.decode()


def test_back_office_cleans_a_copied_code(office):
    system = {"name": "bKash", "currency": "BDT", "country": "BD", "code": "\u200b'bkash' "}
    inline = {"statuses-TOTAL_FORMS": 0, "statuses-INITIAL_FORMS": 0}

    office.post("/admin/wallets/paymentsystem/add/", system | inline)

    with worker():
        assert PaymentSystem.objects.filter(code="bkash").exists()
