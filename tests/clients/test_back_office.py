"""A2, and X16's plain part: what an administrator does at /admin/, and what nobody else does."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from clients.actions import create_api_key
from clients.models import ApiKey, Client, Membership, User
from clients.roles import Role
from tests.factories import (
    PASSWORD,
    make_accumulation,
    make_balance,
    make_rate,
    make_transaction,
    make_wallet,
    worker,
)
from tests.pages import words
from wallets.models import Balance, ExchangeRate, PaymentSystem, Wallet

pytestmark = pytest.mark.django_db

NEW_CLIENT = {
    "name": "Delta",
    "slug": "delta",
    "time_zone": "Asia/Dhaka",
    "is_active": "on",
    "owner": "daria",
    "password": PASSWORD,
}
LISTS = [
    "clients/client",
    "clients/user",
    "clients/apikey",
    "wallets/paymentsystem",
    "wallets/wallet",
    "wallets/exchangerate",
    "wallets/balance",
    "transactions/transaction",
    "accumulations/accumulation",
]


@pytest.fixture
def office(client, dora):
    client.force_login(dora)
    return client


@pytest.fixture
def rows(alice, charlie):
    """A row of every kind, by the list that shows it."""
    moved = make_transaction(alice, "T1")
    with worker():
        create_api_key(alice.client, name="shop")
        return {
            "clients/client": alice.client,
            "clients/user": alice,
            "clients/apikey": ApiKey.objects.get(),
            "wallets/paymentsystem": PaymentSystem.objects.get(),
            "wallets/wallet": Wallet.objects.get(number="alpha-1"),
            "wallets/exchangerate": make_rate("INR", Decimal("0.012")),
            "wallets/balance": make_balance(alice),
            "transactions/transaction": moved,
            "accumulations/accumulation": make_accumulation(alice, transactions=[moved]),
        }


def test_an_administrator_registers_a_client_with_zone_and_first_owner(office, client):
    response = office.post("/admin/clients/client/add/", NEW_CLIENT)

    assert response["Location"] == "/admin/clients/client/"
    with worker():
        member = Membership.objects.get(client__slug="delta")
        assert (member.user.username, member.role) == ("daria", Role.OWNER)
        assert member.client.time_zone == "Asia/Dhaka"
    client.post("/logout/")
    assert client.post("/login/", {"login": "daria", "password": PASSWORD})["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""),
        ("name", "Alpha"),
        ("slug", "alpha"),
        ("slug", "no spaces"),
        ("time_zone", "Asia/Nowhere"),
        ("time_zone", ""),
        ("owner", "ALICE"),
        ("owner", "a b"),
        ("owner", "a\0b"),
        ("owner", "x" * 151),
        ("password", "short"),
        ("password", "daria-daria-daria"[:8]),
        ("password", "password1234"),
    ],
)
def test_a_wrong_registration_says_so_at_the_field_and_makes_nothing(office, alice, field, wrong):
    response = office.post("/admin/clients/client/add/", NEW_CLIENT | {field: wrong})

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]
    with worker():
        assert not User.objects.filter(username="daria").exists()
        assert not Client.objects.filter(time_zone="Asia/Dhaka").exists()


def test_an_administrator_adds_an_operator(office, alice):
    response = office.post(
        "/admin/clients/user/add/",
        {
            "username": "oleg",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "membership-TOTAL_FORMS": "1",
            "membership-INITIAL_FORMS": "0",
            "membership-0-client": alice.client.pk,
            "membership-0-role": "operator",
        },
    )

    assert response.status_code == 302
    with worker():
        assert Membership.objects.get(user__username="oleg").client == alice.client


def test_an_administrator_sees_all_clients_in_the_back_office(office, alice, charlie):
    page = words(office.get("/admin/clients/client/"))

    assert "Alpha" in page and "Gamma" in page


def test_and_none_outside_of_it(office, alice, charlie):
    make_transaction(alice, "hers")
    for address in ("/", "/payments/transactions/", "/wallets/balance/"):
        assert office.get(address)["Location"] == "/admin/"

    office.get("/login/")

    with connection.cursor() as cursor:
        cursor.execute("select current_user, (select count(*) from clients_client)")
        assert cursor.fetchone() == ("paykassma_web", 0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_after_the_back_office_the_connection_is_no_worker():
    from django.test import Client as Browser

    from tests.factories import make_administrator

    browser = Browser()
    browser.force_login(make_administrator("dora"))
    assert browser.get("/admin/").status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("paykassma_web",)


def test_a_member_does_not_become_an_administrator_by_being_staff(client, alice, charlie):
    with worker():
        User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    client.force_login(alice)

    for address in ("/admin/", "/admin/clients/client/", "/admin/clients/user/"):
        assert client.get(address, follow=True).status_code == 403
    assert "Gamma" not in words(client.get("/"))


def test_times_in_the_back_office_are_utc(office, alice):
    make_transaction(alice, "T1", logged_at=timezone.now())

    assert "12:00" in words(office.get("/admin/transactions/transaction/"))


@pytest.mark.parametrize("listed", LISTS)
def test_every_list_and_every_row_opens(office, rows, listed):
    row = rows[listed]

    assert office.get(f"/admin/{listed}/").status_code == 200
    assert office.get(f"/admin/{listed}/?q=T1").status_code == 200
    assert office.get(f"/admin/{listed}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("listed", [name for name in LISTS if name != "clients/user"])
def test_nothing_that_money_hangs_on_is_deleted(office, rows, listed):
    response = office.post(f"/admin/{listed}/{rows[listed].pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert "delete_selected" not in office.get(f"/admin/{listed}/").content.decode()


@pytest.mark.parametrize(
    "listed",
    [
        "clients/apikey",
        "wallets/exchangerate",
        "transactions/transaction",
        "accumulations/accumulation",
    ],
)
def test_facts_are_not_changed(office, rows, listed):
    assert office.post(f"/admin/{listed}/{rows[listed].pk}/change/", {}).status_code == 403


@pytest.mark.parametrize("listed", ["clients/apikey", "transactions/transaction"])
def test_what_comes_from_elsewhere_is_not_added(office, listed):
    assert office.get(f"/admin/{listed}/add/").status_code == 403


def test_a_key_is_seen_without_its_digest_and_can_be_revoked(office, rows):
    key = rows["clients/apikey"]
    page = office.get(f"/admin/clients/apikey/{key.pk}/change/").content.decode()

    office.post("/admin/clients/apikey/", {"action": "revoke", "_selected_action": [key.pk]})

    assert key.prefix in page and key.sha256 not in page
    with worker():
        assert ApiKey.objects.get().revoked_at is not None


def test_a_rate_is_added(office):
    response = office.post(
        "/admin/wallets/exchangerate/add/",
        {"currency": "INR", "day": "2026-11-24", "usd_rate": "0.0119", "source": "bank"},
    )

    assert response.status_code == 302
    assert ExchangeRate.objects.get().usd_rate == Decimal("0.0119")


def test_a_payment_system_gets_its_statuses(office):
    response = office.post(
        "/admin/wallets/paymentsystem/add/",
        {
            "code": "nagad",
            "name": "Nagad",
            "currency": "BDT",
            "country": "BD",
            "is_active": "on",
            "statuses-TOTAL_FORMS": "1",
            "statuses-INITIAL_FORMS": "0",
            "statuses-0-status": "activated",
        },
    )

    assert response.status_code == 302
    assert PaymentSystem.objects.get(code="nagad").statuses.get().status == "activated"


def test_a_wallet_is_added_and_switched_off(office, alice):
    wallet = make_wallet(alice.client)

    response = office.post(
        f"/admin/wallets/wallet/{wallet.pk}/change/",
        {"number": wallet.number, "name": "", "currency": "INR", "country": "IN"},
    )

    assert response.status_code == 302
    with worker():
        assert not Wallet.objects.get(pk=wallet.pk).is_active


@pytest.mark.parametrize(
    ("amount", "currency", "field"),
    [("1.234", "INR", "amount"), ("1", "QQQ", "currency"), ("1", "inr", "currency")],
)
def test_a_balance_that_cannot_be_is_refused_at_the_field(office, alice, amount, currency, field):
    system = make_wallet(alice.client).payment_system

    response = office.post(
        "/admin/wallets/balance/add/",
        {
            "client": alice.client.pk,
            "payment_system": system.pk,
            "currency": currency,
            "amount": amount,
            "as_of_0": "2026-11-24",
            "as_of_1": "12:00",
        },
    )

    assert field in response.context["adminform"].form.errors
    with worker():
        assert not Balance.objects.exists()
