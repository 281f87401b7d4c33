import re

import pytest

from backoffice.site import back_office
from tests.addresses.test_addresses import API, API_LISTS, addresses
from tests.support.pages import words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db


def fill_path(path):
    """With ids of nothing: the token is asked for before anything is looked for."""
    return "/" + re.sub(r"<[^>]+>|\(\?P<[^)]+\)", "1", path)


@pytest.fixture
def her_browser():
    return Browser(enforce_csrf_checks=True)


def assert_is_refused(response):
    assert response.status_code == 403
    assert "Форма устарела" in words(response)


@pytest.mark.parametrize("asker", [None, "alice"])
def test_no_address_takes_a_form_without_its_token(request, asker, subtests):
    user = asker and request.getfixturevalue(asker)
    # Nobody reads a file of who is not signed in: /imports/ leads to the sign-in.
    unread = set() if user else {"imports/"}
    for path in sorted({*addresses()} - API - API_LISTS - unread):
        with subtests.test(path=path):
            browser = Browser(enforce_csrf_checks=True)
            if user:
                browser.force_login(user)

            assert_is_refused(browser.post(fill_path(path)))


def test_nor_does_the_back_office(her_browser, dora, subtests):
    her_browser.force_login(dora)

    for path in sorted(addresses(back_office.get_urls(), "admin/")):
        with subtests.test(path=path):
            assert_is_refused(her_browser.post(fill_path(path)))


def test_another_token_is_none(her_browser, alice):
    her_browser.force_login(alice)
    her_browser.get("/login/")

    assert_is_refused(her_browser.post("/logout/", {"csrfmiddlewaretoken": "x" * 64}))


@pytest.mark.parametrize("path", sorted(API))
def test_the_api_takes_no_cookie_for_a_key(her_browser, alice, path):
    her_browser.force_login(alice)

    response = her_browser.post(f"/{path}", {"wallet_type": "upi_l"}, "application/json")

    assert response.status_code == 401
