import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.test_every_page import (
    DESK,
    LIST,
    PHONE,
    assert_all_can_read,
    assert_all_columns_are_shown,
    assert_nothing_scrolls_sideways,
    assert_page_can_be_read,
)

ADDRESSES = [
    "/?detail=on&chart=bar",
    "/?total=off&systems=",
    "/?date_from=2026-11-25&date_to=2026-11-01",
    f"{LIST}?status=active&state=pending&label=nobody",
    f"{LIST}?status=nope&page=0",
    "/payments/accumulations/",
    "/wallets/balance/",
    "/wallets/balance/?wallet_type=nobody",
    "/wallets/balance/?wallet_type=",
    "/audit/",
    "/audit/?kind=export&actor=nobody",
    "/keys/",
    "/jobs/",
    "/imports/",
    "/views/",
    "/search/",
    "/search/?q=no-such-thing",
    f"{LIST}why/",
    f"{LIST}why/?currency=INR&date_from=",
    f"{LIST}?days=yesterday",
    "/about/",
    "/security/",
    "/security/app/",
    "/security/password/",
    "/security/passkeys/add/",
]
# Buttons that open a menu, and the width that has them.
MENUS = [(".pk-user-button", DESK), (".pk-user-button", PHONE), (".pk-menu-button", PHONE)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_accessible(alpha, address):
    assert_page_can_be_read(alpha, address)


def test_list_of_accumulations_shows_all_columns(alpha):
    assert_all_columns_are_shown(alpha, "/payments/accumulations/")


@pytest.mark.parametrize("address", ["/payments/accumulations/", "/audit/"])
def test_nothing_scrolls_sideways_at_320_pixels(alpha, address):
    assert_nothing_scrolls_sideways(alpha, address)


def test_reauthentication_is_accessible(alpha):
    alpha.goto("/security/confirm/")

    assert_all_can_read(alpha)


def test_invalid_invitation_is_accessible(alpha, complaints):
    alpha.goto("/invitation/nope/")
    complaints.clear()  # the browser told of the 404

    assert_all_can_read(alpha)


@pytest.mark.parametrize(("button", "width"), MENUS)
def test_open_menu_is_accessible(alpha, button, width):
    alpha.set_viewport_size({"width": width, "height": 900})
    alpha.goto(LIST)
    alpha.locator(button).click()

    assert_all_can_read(alpha, width)


def test_open_table_of_a_chart_is_accessible(alpha):
    alpha.goto("/")
    alpha.get_by_text("Таблица по дням").click()

    assert_all_can_read(alpha)


def test_failed_chart_is_accessible(alpha, complaints):
    alpha.route("**/chart.json*", lambda route: route.abort())
    alpha.goto("/")
    alpha.get_by_text("Не удалось загрузить график.").wait_for()
    complaints.clear()  # the browser told of the request that was broken off

    assert_all_can_read(alpha)


def test_transaction_is_accessible_beside_its_list_and_alone(alpha):
    alpha.goto(LIST)
    alpha.locator("[data-pk-row-link]").first.click()
    expect(alpha.get_by_role("dialog")).to_be_visible()
    assert_all_can_read(alpha, DESK)

    alpha.reload()

    assert_all_can_read(alpha)


def test_refused_sign_in_is_accessible(page, complaints):
    page.goto("/login/")
    sign_in(page, password="wrong")

    assert_all_can_read(page)


def test_missing_page_is_accessible(alpha, complaints):
    alpha.goto("/no/such/page/")
    complaints.clear()  # the browser tells of the answer's status

    assert_all_can_read(alpha)
