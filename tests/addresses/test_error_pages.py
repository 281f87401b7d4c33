import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from accounts.roles import Role
from tests.support.factories import make_member

pytestmark = pytest.mark.django_db
MENU = 'id="sidebar"'
NOWHERE = "/no/such/page/"


def test_a_missing_page_keeps_the_menu_of_a_member(client, alice):
    client.force_login(alice)

    response = client.get(NOWHERE)

    assertContains(response, MENU, status_code=404)
    assertContains(response, 'href="/payments/transactions/"', status_code=404)
    assertContains(response, "Alpha", status_code=404)


def test_a_missing_page_stands_under_no_heading_of_the_menu(client, alice):
    client.force_login(alice)

    assertNotContains(client.get(NOWHERE), "pk-breadcrumbs", status_code=404)


def test_a_refused_page_keeps_the_menu_of_its_role(client, alice):
    client.force_login(make_member("oleg", client=alice.client, role=Role.OPERATOR))

    response = client.get("/audit/")

    assertContains(response, MENU, status_code=403)
    assertNotContains(response, 'href="/audit/"', status_code=403)


def test_another_clients_row_is_missing_with_ones_own_menu(client, alice):
    client.force_login(alice)

    assertContains(client.get("/payments/transactions/999/"), MENU, status_code=404)


@pytest.mark.parametrize("address", [NOWHERE, "/admin/nope/"])
def test_an_administrator_keeps_the_way_to_the_back_office(client, dora, address):
    client.force_login(dora)

    response = client.get(address)

    assertContains(response, MENU, status_code=404)
    assertContains(response, 'class="btn btn-primary" href="/admin/"', status_code=404)


def test_a_stranger_sees_no_menu_and_nothing_is_asked_of_clients(client):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(NOWHERE)

    assertNotContains(response, MENU, status_code=404)
    assertTemplateUsed(response, "layout/error_alone.html")
    assert not any("FROM" in query["sql"] for query in queries)


def test_a_forged_form_keeps_the_menu(alice):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(alice)

    response = browser.post("/keys/", {"name": "x"})

    assertContains(response, MENU, status_code=403)
    assertContains(response, "Форма устарела", status_code=403)
