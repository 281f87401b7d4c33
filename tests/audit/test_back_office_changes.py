"""An administrator's changes in the back office, as the audit log keeps and tells them."""

import pytest

from accounts.models import User
from audit.kinds import Kind
from backoffice.log import field_changes, stored_values
from clients.models import Client
from tests.support.events import events, only_event
from tests.support.factories import make_balance, make_wallet, worker
from tests.support.pages import words
from tests.support.visitors import Browser
from wallets.models import Balance, PaymentSystem, Wallet
from workspace.audit_log.words import details_in_words

pytestmark = pytest.mark.django_db

ALPHA = {"name": "Alpha", "slug": "alpha", "time_zone": "Asia/Kolkata"}
ALPHA |= {"membership_set-TOTAL_FORMS": "0", "membership_set-INITIAL_FORMS": "0"}


@pytest.fixture
def office(dora):
    browser = Browser()
    browser.force_login(dora)
    return browser


@pytest.fixture
def forms(alice, bob):
    """Return address and form of each model that is switched off and on, without its switch."""
    wallet = make_wallet(alice.client)
    system = wallet.payment_system
    codes = {"currency": system.currency, "country": system.country}
    return {
        Client: (f"clients/client/{alice.client.pk}", ALPHA),
        User: (
            f"accounts/user/{bob.pk}",
            {"username": "bob", "membership-TOTAL_FORMS": 0, "membership-INITIAL_FORMS": 0},
        ),
        Wallet: (
            f"wallets/wallet/{wallet.pk}",
            {"number": wallet.number, "name": wallet.name} | codes,
        ),
        PaymentSystem: (
            f"wallets/paymentsystem/{system.pk}",
            {"name": system.name, "statuses-TOTAL_FORMS": 0, "statuses-INITIAL_FORMS": 0} | codes,
        ),
    }


@pytest.mark.parametrize("model", [Client, User, Wallet, PaymentSystem])
def test_switching_off_reads_unlike_switching_on(office, forms, model):
    address, form = forms[model]

    for switch in ({}, {"is_active": "on"}):
        office.post(f"/admin/{address}/change/", form | switch)

    off, on = events(Kind.CHANGED)
    assert (off.details, on.details) == (
        {"is_active": "true → false"},
        {"is_active": "false → true"},
    )
    assert details_in_words(off).endswith(": да → нет")


@pytest.mark.parametrize("model", [Client, User, Wallet, PaymentSystem])
@pytest.mark.parametrize(("language", "values"), [("ru", ("да", "нет")), ("en", ("yes", "no"))])
def test_history_of_a_row_says_which_way_it_was_switched(office, forms, model, language, values):
    address, form = forms[model]
    for switch in ({}, {"is_active": "on"}):
        office.post(f"/admin/{address}/change/", form | switch)
    office.cookies["django_language"] = language

    said = words(office.get(f"/admin/{address}/history/"))

    yes, no = values
    assert f": {yes} → {no}." in said
    assert f": {no} → {yes}." in said
    assert "Изменено" not in said and "Changed" not in said


def test_history_has_no_password(office, bob):
    new = {"password1": "a long new Password 7", "password2": "a long new Password 7"}
    office.post(f"/admin/accounts/user/{bob.pk}/password/", new | {"usable_password": "true"})

    assert "a long new" not in words(office.get(f"/admin/accounts/user/{bob.pk}/history/"))


def test_each_changed_field_has_both_values(office, forms):
    address, form = forms[Client]
    new = {"slug": "alpha-2", "time_zone": "Asia/Dhaka", "second_factor_required": "on"}

    office.post(f"/admin/{address}/change/", form | new | {"is_active": "on"})

    assert only_event(Kind.CHANGED).details == {
        "slug": "alpha → alpha-2",
        "time_zone": "Asia/Kolkata → Asia/Dhaka",
        "second_factor_required": "false → true",
    }


def test_long_values_leave_room_for_both(office, forms):
    address, form = forms[Wallet]
    for letter in "xy":
        name = {"name": letter * 190, "is_active": "on"}
        office.post(f"/admin/{address}/change/", form | name)

    changed = events(Kind.CHANGED)[-1].details["name"]
    assert changed == f"{'x' * 97}… → {'y' * 97}…"


def test_no_secret_is_kept_before_or_after(alice):
    with worker():
        values = stored_values(User.objects.get(pk=alice.pk))

    assert "username" in values and "password" not in values


def test_stored_balance_stays_with_its_client(office, alice, charlie):
    """Moved, it would tell its new Client's log what it was."""
    balance = make_balance(alice, amount=1000)
    values = {"currency": balance.currency, "amount": "2000", "commission_percent": "1"}
    moment = {"as_of_0": "2026-11-24", "as_of_1": "10:00"}
    moved = {"client": charlie.client.pk, "payment_system": balance.payment_system.pk}

    office.post(f"/admin/wallets/balance/{balance.pk}/change/", values | moment | moved)

    with worker():
        stored = Balance.unscoped.get(pk=balance.pk)
    assert (stored.client_id, stored.amount) == (alice.client.pk, 2000)
    assert only_event(Kind.CHANGED).client_id == alice.client.pk


def test_row_of_another_client_has_no_earlier_values(alice, charlie):
    balance = make_balance(alice, amount=1000)
    balance.values_before = stored_values(balance)

    balance.client, balance.amount = charlie.client, 2000

    assert field_changes(balance) == {}
