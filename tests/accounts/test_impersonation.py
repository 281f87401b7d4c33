"""An administrator looks at a Client's pages; tests/test_addresses.py asks each page so."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django.asserts import assertContains

from accounts.actions import create_api_key
from accounts.models import Membership, Scope, User
from audit.kinds import Kind
from audit.models import AuditEvent
from audit.record import Actor
from clients.models import Client
from tests.conftest import NOON
from tests.support.factories import make_administrator, make_transaction, worker
from tests.support.pages import words
from tests.support.visitors import Browser, look_at

pytestmark = pytest.mark.django_db

MARK = "Вы видите страницы клиента Alpha как администратор."


@pytest.fixture
def looking(client, dora, alice):
    """Dora, who looks at Alice's Client."""
    client.force_login(dora)
    look_at(client, alice.client)
    return client


def events(kind=Kind.CLIENT_VIEWED):
    with worker():
        return list(AuditEvent.unscoped.filter(kind=kind).order_by("at"))


def sees_nothing(browser):
    response = browser.get("/")
    return (response.status_code, response["Location"]) == (302, "/admin/")


# Begun


def test_on_the_clients_page_and_in_the_list_it_is_offered(client, dora, alice):
    client.force_login(dora)

    for address in ("/admin/clients/client/", f"/admin/clients/client/{alice.client.pk}/change/"):
        assertContains(client.get(address), '<option value="impersonate">')


def test_from_the_list_it_begins_too(client, dora, alice):
    client.force_login(dora)

    response = client.post(
        "/admin/clients/client/", {"action": "impersonate", "_selected_action": alice.client.pk}
    )

    assert response["Location"] == "/"
    assert MARK in words(client.get("/"))


def test_looking_asks_an_administrator_who_they_are(client, dora, alice):
    client.force_login(dora)

    with time_machine.travel(NOON + timedelta(minutes=6)):
        response = client.post(
            "/admin/clients/client/", {"action": "impersonate", "_selected_action": alice.client.pk}
        )

        assert response["Location"].startswith("/security/confirm/")
        assert sees_nothing(client)


def test_at_two_clients_at_once_nobody_looks(client, dora, alice, charlie):
    client.force_login(dora)
    both = [alice.client.pk, charlie.client.pk]

    response = client.post(
        "/admin/clients/client/", {"action": "impersonate", "_selected_action": both}, follow=True
    )

    assert "Выберите одного действующего клиента" in words(response)
    assert sees_nothing(client)


def test_by_an_address_alone_nothing_begins(client, dora, alice):
    client.force_login(dora)
    pk = alice.client.pk

    client.get(f"/admin/clients/client/{pk}/change/?CHANGE_FORM-action=look&_selected_action={pk}")
    client.get(f"/?client={pk}&looking={pk}")

    assert sees_nothing(client)


def test_no_form_of_another_site_begins_it(dora, alice):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(dora)

    assert look_at(browser, alice.client).status_code == 403


def test_a_member_does_not_look(client, alice, charlie):
    client.force_login(charlie)

    assert look_at(client, alice.client).status_code != 200
    assert "Alpha" not in words(client.get("/"))


def test_a_member_whose_session_says_so_stays_in_his_own_client(client, alice, charlie):
    """However it came there: only of an administrator is the session asked."""
    client.force_login(charlie)
    session = client.session
    until = (NOON + timedelta(hours=1)).isoformat()
    session["looking"] = {"client": alice.client.pk, "until": until}
    session.save()

    page = words(client.get("/"))

    assert "Gamma" in page and "Alpha" not in page


def test_at_a_client_that_is_switched_off_nobody_looks(client, dora, alice):
    """Its own members do not see these pages either; its rows stand in the back office."""
    with worker():
        Client.objects.update(is_active=False)
    client.force_login(dora)

    look_at(client, alice.client)

    assert sees_nothing(client)
    assert events() == []


# While it lasts


def test_she_sees_times_in_the_clients_zone_and_the_menu_of_an_auditor(looking):
    page = words(looking.get("/"))

    assert "Asia/Kolkata" in page and "Журнал действий" in page
    assert "Запрос баланса" not in page and "Участники" not in page


def test_she_cannot_turn_it_off(looking):
    """Without a script, no preference and no answer is without the mark."""
    for _ in range(2):
        assert MARK in words(looking.get("/payments/transactions/", headers={"HX-Request": "true"}))


def test_the_back_office_is_open_as_ever(looking, alice, charlie):
    page = words(looking.get("/admin/clients/client/"))

    assert "Alpha" in page and "Gamma" in page
    assert MARK in words(looking.get("/"))


def test_another_of_her_sessions_does_not_look(looking, dora):
    elsewhere = Browser()
    elsewhere.force_login(dora)

    assert sees_nothing(elsewhere)


def test_nor_does_another_administrator(looking):
    eve = Browser()
    eve.force_login(make_administrator("eve"))

    assert sees_nothing(eve)


def test_a_key_opens_its_own_client_whoever_sends_it(looking, charlie):
    with worker():
        key = create_api_key(charlie.client, name="shop", scopes=[Scope.BALANCE], by=Actor("test"))

    looking.post(
        "/api/v1/wallets/balance",
        {"wallet_type": "upi_l"},
        "application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    [request] = events(Kind.BALANCE_REQUEST)
    assert request.client_name == "Gamma"


def test_without_a_key_the_api_stays_closed(looking):
    response = looking.post("/api/v1/wallets/balance", {"wallet_type": "upi_l"}, "application/json")

    assert response.status_code == 401


# Ended


def test_by_its_button_it_ends_on_the_clients_page_of_the_back_office(looking, alice):
    response = looking.post("/looking/end/")

    assert response["Location"] == f"/admin/clients/client/{alice.client.pk}/change/"
    assert sees_nothing(looking)


def test_it_is_ended_by_no_address_alone(looking):
    assert looking.get("/looking/end/").status_code == 405


def test_whoever_does_not_look_ends_nothing(client, alice):
    client.force_login(alice)

    assert client.post("/looking/end/")["Location"] == "/"
    assert events() == []


def test_after_half_an_hour_it_is_over(looking, dora):
    with time_machine.travel(NOON + timedelta(minutes=14)):
        assert MARK in words(looking.get("/"))
    with time_machine.travel(NOON + timedelta(minutes=28)):
        assert MARK in words(looking.get("/"))

    with time_machine.travel(NOON + timedelta(minutes=31)):
        assert sees_nothing(looking)


def test_it_ends_with_the_session(looking, dora):
    looking.post("/logout/")
    looking.force_login(dora)

    assert sees_nothing(looking)


def test_it_ends_when_the_client_is_switched_off(looking, alice):
    make_transaction(alice, "ALICES-number")
    with worker():
        Client.objects.update(is_active=False)

    assert sees_nothing(looking)


def test_whoever_is_no_administrator_any_more_sees_nothing_at_once(looking, dora):
    """Though the session goes on: the back office ends it, a command might not."""
    with worker():
        User.objects.filter(pk=dora.pk).update(is_staff=False)

    assert looking.get("/").status_code == 403


def test_whoever_becomes_a_member_sees_his_own_client(looking, dora, charlie):
    with worker():
        Membership.unscoped.create(user=dora, client=charlie.client, role="auditor")

    page = words(looking.get("/"))

    assert "Gamma" in page and "Alpha" not in page


# Written down


def test_begin_and_end_stand_in_the_log(looking, alice):
    looking.post("/looking/end/")

    begun, ended = events()
    assert (begun.actor, begun.client_name, begun.target) == ("dora", "Alpha", "alpha")
    assert begun.details == {"looking": "begun", "minutes": 30}
    assert (ended.actor, ended.client_name) == ("dora", "Alpha")
    assert ended.details == {"looking": "ended"}


def test_going_on_to_another_client_ends_it_in_the_log_of_the_first(looking, charlie):
    look_at(looking, charlie.client)

    assert [(event.client_name, event.details["looking"]) for event in events()] == [
        ("Alpha", "begun"),
        ("Alpha", "ended"),
        ("Gamma", "begun"),
    ]


def test_the_owner_reads_of_it(looking, alice):
    hers = Browser()
    hers.force_login(alice)

    page = words(hers.get("/audit/"))

    assert "dora администратор Просмотр страниц клиента администратором" in page


def test_what_she_exports_is_signed_by_her(looking, alice):
    looking.get("/payments/transactions/export.csv").getvalue()

    [export] = events(Kind.EXPORT)
    assert (export.actor, export.client_name) == ("dora", "Alpha")


def test_what_is_refused_to_her_is_seen_by_the_owner(looking):
    looking.post("/keys/")

    [refusal] = events(Kind.REFUSAL)
    assert (refusal.actor, refusal.client_name) == ("dora", "Alpha")
