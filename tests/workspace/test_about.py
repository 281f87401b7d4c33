import pytest

import paykassma_admin
from tests.support.pages import words

pytestmark = pytest.mark.django_db


def test_about_names_version_and_licences(client, alice):
    client.force_login(alice)

    said = words(client.get("/about/"))

    assert paykassma_admin.__version__ in said
    assert "Django 6" in said and "BSD-3-Clause" in said


def test_about_is_reached_from_the_menu_of_one_s_own_name(client, bob):
    client.force_login(bob)

    assert 'href="/about/"' in client.get("/").content.decode()


def test_visitor_sees_no_version(client):
    assert client.get("/about/")["Location"].startswith("/login/")
