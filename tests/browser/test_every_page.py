"""Accessibility and widths of every page in every state."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import confirm_if_asked, sign_in

DESK, PHONE = 1440, 360
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # all that a theme decides
LIST = "/payments/transactions/"
ADDRESSES = [
    "/",
    "/?detail=on&chart=bar",
    "/?total=off&systems=",
    "/?date_from=2026-11-25&date_to=2026-11-01",
    LIST,
    f"{LIST}?status=active&state=pending&label=nobody",
    f"{LIST}?status=nope&page=0",
    "/payments/accumulations/",
    "/wallets/balance/",
    "/wallets/balance/?wallet_type=dusupay",
    "/wallets/balance/?wallet_type=nobody",
    "/wallets/balance/?wallet_type=",
    "/audit/",
    "/audit/?kind=export&actor=nobody",
    "/keys/",
    "/members/",
    "/security/",
    "/security/app/",
    "/security/password/",
    "/security/passkeys/add/",
]
# What is pressed → whether there is a button for it at that width.
MENUS = [(".pk-user-button", DESK), (".pk-user-button", PHONE), (".pk-menu-button", PHONE)]


def assert_all_can_read(page, *widths):
    page.wait_for_load_state("networkidle")
    for width in widths or (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for theme, rules in (("light", {}), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = Axe().run(page, options=rules)
            assert found.violations_count == 0, f"{width} px, {theme}: {found.generate_report()}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_accessible(alpha, address):
    alpha.goto(address)
    confirm_if_asked(alpha)
    assert alpha.url.endswith(address)

    assert_all_can_read(alpha)


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


def test_open_filters_are_accessible(alpha):
    alpha.set_viewport_size({"width": PHONE, "height": 900})
    alpha.goto(LIST)
    alpha.locator("summary").click()
    alpha.locator(".pk-why").last.click()

    assert_all_can_read(alpha, PHONE)


@pytest.mark.parametrize("width", [1440, 1280, 1100, 1024, 768])
@pytest.mark.parametrize("address", [LIST, "/payments/accumulations/", "/audit/"])
def test_list_shows_all_columns(alpha, address, width):
    alpha.set_viewport_size({"width": width, "height": 900})
    alpha.goto(address)

    box = alpha.locator(".pk-table")
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0


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


def test_transaction_page_is_accessible(alpha):
    alpha.goto(LIST)
    alpha.locator("[data-pk-row-link]").first.click()
    alpha.wait_for_url("**/transactions/*/")

    assert_all_can_read(alpha)


def test_sign_in_is_accessible(page, complaints):
    page.goto("/login/")
    assert_all_can_read(page)

    sign_in(page, password="wrong")

    assert_all_can_read(page)


def test_missing_page_is_accessible(alpha, complaints):
    alpha.goto("/no/such/page/")
    complaints.clear()  # the browser tells of the answer's status

    assert_all_can_read(alpha)


@pytest.mark.parametrize("address", ["/", LIST, "/payments/accumulations/", "/audit/"])
def test_nothing_scrolls_sideways_at_320_pixels(alpha, address):
    """320 is also what 640 pixels are at 200 %."""
    alpha.set_viewport_size({"width": 320, "height": 640})
    alpha.goto(address)
    alpha.wait_for_load_state("networkidle")

    assert alpha.evaluate("document.documentElement.scrollWidth") <= 320
