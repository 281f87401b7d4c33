import re

import pytest
from django.db import connection
from django.utils import timezone

from paykassma_admin import __version__
from tests.support.factories import (
    make_administrator,
    make_transaction,
)
from tests.support.pages import words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db


def test_back_office_shows_the_version(office):
    assert f"Версия {__version__}" in office.get("/admin/").text


def test_an_administrator_sees_all_clients_in_the_back_office(office, alice, charlie):
    page = words(office.get("/admin/clients/client/"))

    assert "Alpha" in page and "Gamma" in page


def test_administrator_sees_no_client_outside_back_office(office, alice, charlie):
    make_transaction(alice, "hers")
    for address in ("/", "/payments/transactions/", "/wallets/balance/"):
        assert office.get(address)["Location"] == "/admin/"

    office.get("/login/")

    with connection.cursor() as cursor:
        cursor.execute("select current_user, (select count(*) from clients_client)")
        assert cursor.fetchone() == ("paykassma_web", 0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_after_the_back_office_the_connection_is_no_worker():
    browser = Browser()
    browser.force_login(make_administrator("dora"))
    assert browser.get("/admin/").status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("paykassma_web",)


@pytest.mark.parametrize("path", ["", "accounts/user/", "accounts/user/add/"])
def test_back_office_header_offers_sign_out(office, path):
    page = office.get(f"/admin/{path}").content.decode()

    [form] = re.findall(r'<form id="logout-form" method="post" action="([^"]+)"', page)
    office.post(form)

    assert office.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/login/")


def test_times_in_the_back_office_are_utc(office, alice):
    make_transaction(alice, "T1", logged_at=timezone.now())

    assert "12:00" in words(office.get("/admin/transactions/transaction/"))


def test_the_zone_of_those_times_is_written_on_every_page(office):
    assert "время по UTC" in words(office.get("/admin/"))


def test_the_back_office_has_its_icon_and_the_products_style(office):
    page = office.get("/admin/").content.decode()

    assert 'rel="icon"' in page and "css/back_office.css" in page and "css/variables.css" in page
    assert "theme.js" not in page and "dark_mode.css" not in page


def test_the_theme_that_was_chosen_holds_in_the_back_office(office):
    office.post("/preferences/", {"theme": "dark", "next": "/admin/"})

    page = office.get("/admin/").content.decode()

    assert re.search(r'<body class="\s*dark', page)
    assert 'value="dark" aria-pressed="true"' in " ".join(page.split())
