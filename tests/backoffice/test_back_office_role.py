import pytest
from django.db import connection

PAGES = ["/admin/", "/admin/clients/client/", "/admin/login/"]


@pytest.mark.parametrize("page", PAGES)
def test_back_office_is_not_served_without_its_address(client, dora, settings, page):
    settings.IS_BACK_OFFICE_SERVED = False
    client.force_login(dora)

    assert client.get(page).status_code == 404


def test_visitor_finds_no_back_office_without_its_address(client, db, settings):
    settings.IS_BACK_OFFICE_SERVED = False

    assert client.get("/admin/login/").status_code == 404


@pytest.mark.parametrize(
    ("page", "role"), [("/admin/clients/client/", "backoffice"), ("/security/", "web")]
)
def test_administrator_is_web_outside_of_the_back_office(client, dora, page, role):
    client.force_login(dora)

    assert client.get(page).status_code == 200

    assert current_role() == f"paykassma_{role}"


def test_member_is_web_under_the_addresses_of_the_back_office(client, alice):
    client.force_login(alice)

    assert client.get("/admin/clients/client/").status_code == 302

    assert current_role() == "paykassma_web"


def current_role():
    """The one that the last request took: the transaction of a test outlives it."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        return cursor.fetchone()[0]
