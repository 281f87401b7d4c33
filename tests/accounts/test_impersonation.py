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
def impersonating(client, dora, alice):
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


def test_impersonation_is_offered_in_list_and_page(client, dora, alice):
    client.force_login(dora)

    for address in ("/admin/clients/client/", f"/admin/clients/client/{alice.client.pk}/change/"):
        assertContains(client.get(address), '<option value="impersonate">')


def test_impersonation_begins_from_the_list(client, dora, alice):
    client.force_login(dora)

    response = client.post(
        "/admin/clients/client/", {"action": "impersonate", "_selected_action": alice.client.pk}
    )

    assert response["Location"] == "/"
    assert MARK in words(client.get("/"))


def test_impersonation_requires_reauthentication(client, dora, alice):
    client.force_login(dora)

    with time_machine.travel(NOON + timedelta(minutes=6)):
        response = client.post(
            "/admin/clients/client/", {"action": "impersonate", "_selected_action": alice.client.pk}
        )

        assert response["Location"].startswith("/security/confirm/")
        assert sees_nothing(client)


def test_two_clients_are_not_impersonated_together(client, dora, alice, charlie):
    client.force_login(dora)
    both = [alice.client.pk, charlie.client.pk]

    response = client.post(
        "/admin/clients/client/", {"action": "impersonate", "_selected_action": both}, follow=True
    )

    assert "Выберите одного действующего клиента" in words(response)
    assert sees_nothing(client)


def test_get_begins_no_impersonation(client, dora, alice):
    client.force_login(dora)
    pk = alice.client.pk

    client.get(f"/admin/clients/client/{pk}/change/?CHANGE_FORM-action=look&_selected_action={pk}")
    client.get(f"/?client={pk}&looking={pk}")

    assert sees_nothing(client)


def test_forged_form_begins_no_impersonation(dora, alice):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(dora)

    assert look_at(browser, alice.client).status_code == 403


def test_member_cannot_impersonate(client, alice, charlie):
    client.force_login(charlie)

    assert look_at(client, alice.client).status_code != 200
    assert "Alpha" not in words(client.get("/"))


def test_member_session_cannot_impersonate(client, alice, charlie):
    """However it came there: only of an administrator is the session asked."""
    client.force_login(charlie)
    session = client.session
    until = (NOON + timedelta(hours=1)).isoformat()
    session["looking"] = {"client": alice.client.pk, "until": until}
    session.save()

    page = words(client.get("/"))

    assert "Gamma" in page and "Alpha" not in page


def test_inactive_client_is_not_impersonated(client, dora, alice):
    with worker():
        Client.objects.update(is_active=False)
    client.force_login(dora)

    look_at(client, alice.client)

    assert sees_nothing(client)
    assert events() == []


# While it lasts


def test_impersonation_has_client_zone_and_auditor_menu(impersonating):
    page = words(impersonating.get("/"))

    assert "Asia/Kolkata" in page and "Журнал действий" in page
    assert "Запрос баланса" not in page and "Участники" not in page


def test_impersonation_notice_is_on_every_page(impersonating):
    for _ in range(2):
        assert MARK in words(
            impersonating.get("/payments/transactions/", headers={"HX-Request": "true"})
        )


def test_back_office_stays_open_while_impersonating(impersonating, alice, charlie):
    page = words(impersonating.get("/admin/clients/client/"))

    assert "Alpha" in page and "Gamma" in page
    assert MARK in words(impersonating.get("/"))


def test_other_session_does_not_impersonate(impersonating, dora):
    elsewhere = Browser()
    elsewhere.force_login(dora)

    assert sees_nothing(elsewhere)


def test_other_administrator_does_not_impersonate(impersonating):
    eve = Browser()
    eve.force_login(make_administrator("eve"))

    assert sees_nothing(eve)


def test_a_key_opens_its_own_client_whoever_sends_it(impersonating, charlie):
    with worker():
        key = create_api_key(charlie.client, name="shop", scopes=[Scope.BALANCE], by=Actor("test"))

    impersonating.post(
        "/api/v1/wallets/balance",
        {"wallet_type": "upi_l"},
        "application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    [request] = events(Kind.BALANCE_REQUEST)
    assert request.client_name == "Gamma"


def test_without_a_key_the_api_stays_closed(impersonating):
    response = impersonating.post(
        "/api/v1/wallets/balance", {"wallet_type": "upi_l"}, "application/json"
    )

    assert response.status_code == 401


# Ended


def test_impersonation_ends_on_the_clients_admin_page(impersonating, alice):
    response = impersonating.post("/looking/end/")

    assert response["Location"] == f"/admin/clients/client/{alice.client.pk}/change/"
    assert sees_nothing(impersonating)


def test_get_ends_no_impersonation(impersonating):
    assert impersonating.get("/looking/end/").status_code == 405


def test_ending_no_impersonation_changes_nothing(client, alice):
    client.force_login(alice)

    assert client.post("/looking/end/")["Location"] == "/"
    assert events() == []


def test_impersonation_ends_after_half_an_hour(impersonating, dora):
    with time_machine.travel(NOON + timedelta(minutes=14)):
        assert MARK in words(impersonating.get("/"))
    with time_machine.travel(NOON + timedelta(minutes=28)):
        assert MARK in words(impersonating.get("/"))

    with time_machine.travel(NOON + timedelta(minutes=31)):
        assert sees_nothing(impersonating)


def test_impersonation_ends_with_the_session(impersonating, dora):
    impersonating.post("/logout/")
    impersonating.force_login(dora)

    assert sees_nothing(impersonating)


def test_impersonation_ends_with_an_inactive_client(impersonating, alice):
    make_transaction(alice, "ALICES-number")
    with worker():
        Client.objects.update(is_active=False)

    assert sees_nothing(impersonating)


def test_former_administrator_stops_impersonating(impersonating, dora):
    """Though the session goes on: the back office ends it, a command might not."""
    with worker():
        User.objects.filter(pk=dora.pk).update(is_staff=False)

    assert impersonating.get("/").status_code == 403


def test_new_member_sees_own_client(impersonating, dora, charlie):
    with worker():
        Membership.unscoped.create(user=dora, client=charlie.client, role="auditor")

    page = words(impersonating.get("/"))

    assert "Gamma" in page and "Alpha" not in page


# Written down


def test_begin_and_end_are_recorded(impersonating, alice):
    impersonating.post("/looking/end/")

    begun, ended = events()
    assert (begun.actor, begun.client_name, begun.target) == ("dora", "Alpha", "alpha")
    assert begun.details == {"looking": "begun", "minutes": 30}
    assert (ended.actor, ended.client_name) == ("dora", "Alpha")
    assert ended.details == {"looking": "ended"}


def test_next_impersonation_ends_the_first_one(impersonating, charlie):
    look_at(impersonating, charlie.client)

    assert [(event.client_name, event.details["looking"]) for event in events()] == [
        ("Alpha", "begun"),
        ("Alpha", "ended"),
        ("Gamma", "begun"),
    ]


def test_owner_sees_impersonation_in_audit_log(impersonating, alice):
    hers = Browser()
    hers.force_login(alice)

    page = words(hers.get("/audit/"))

    assert "dora администратор Просмотр страниц клиента администратором" in page


def test_export_records_the_impersonating_administrator(impersonating, alice):
    impersonating.get("/payments/transactions/export.csv").getvalue()

    [export] = events(Kind.EXPORT)
    assert (export.actor, export.client_name) == ("dora", "Alpha")


def test_owner_sees_refusals_of_impersonation(impersonating):
    impersonating.post("/keys/")

    [refusal] = events(Kind.REFUSAL)
    assert (refusal.actor, refusal.client_name) == ("dora", "Alpha")
