"""Accessibility and widths, of a page of each kind; the others: tests/slow/browser."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import confirm_if_asked
from tests.support.browser.settling import settle

DESK, PHONE = 1440, 360
EVERY_LOOK = bool(os.environ.get("EVERY_LOOK"))  # `dev.py test --all`
# axe reads imported style sheets from beside the page; no rule of these needs them. If there is
# room for a finger it asks only where it is told to. A theme decides colours, a width that room.
LIGHT = {"preload": False, "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
DARK = {"preload": False, "runOnly": [*COLOURS["runOnly"], "target-size"]}
LIST = "/payments/transactions/"
ADDRESSES = [
    "/",
    LIST,
    "/wallets/balance/?wallet_type=dusupay",
    "/members/",
    "/search/?q=user*",
]


def assert_all_can_read(page, *widths):
    """In light by all rules, in dark by some: each at one width, or with EVERY_LOOK at all."""
    settle(page)
    looks = {"light": LIGHT, "dark": DARK}
    for width, last in zip(widths or (DESK, PHONE), ("light", "dark"), strict=False):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for theme in looks if EVERY_LOOK else [last]:
            rules = looks[theme]
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = Axe().run(page, options=rules)
            assert found.violations_count == 0, f"{width} px, {theme}: {found.generate_report()}"


def assert_page_can_be_read(page, address):
    page.goto(address)
    confirm_if_asked(page)
    assert page.url.endswith(address)

    assert_all_can_read(page)


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_accessible(alpha, address):
    assert_page_can_be_read(alpha, address)


def test_open_filters_are_accessible(alpha):
    alpha.set_viewport_size({"width": PHONE, "height": 900})
    alpha.goto(LIST)
    alpha.locator("#conditions > summary").click()
    alpha.locator(".pk-hint").last.click()

    assert_all_can_read(alpha, PHONE)


def test_open_search_list_is_accessible(alpha):
    alpha.goto("/members/")
    alpha.locator("#search-box").fill("стат")
    expect(alpha.locator("#search-options")).to_be_visible()
    alpha.keyboard.press("ArrowDown")

    assert_all_can_read(alpha, DESK)


# Texts that end over the next column.
OUTSIDE = """
    spans => spans.filter(span => {
        const cell = span.closest("td");
        const [inner, outer] = [span, cell].map(each => each.getBoundingClientRect());
        const isCut = getComputedStyle(cell).overflowX === "hidden";
        return !isCut && inner.width > 1 && inner.right > outer.right;
    }).map(span => span.innerText)
"""


@pytest.mark.parametrize("address", [LIST, "/audit/"])
def test_list_shows_all_columns(alpha, address):
    assert_all_columns_are_shown(alpha, address)


def assert_all_columns_are_shown(alpha, address):
    alpha.goto(address)

    for width in (1440, 1280, 1100, 1024, 768):
        alpha.set_viewport_size({"width": width, "height": 900})
        box = alpha.locator(".pk-table")
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0, width
        assert alpha.locator(".pk-table td span").evaluate_all(OUTSIDE) == [], width


def test_sign_in_is_accessible(page, complaints):
    page.goto("/login/")

    assert_all_can_read(page)


@pytest.mark.parametrize("address", ["/", LIST])
def test_nothing_scrolls_sideways_at_320_pixels(alpha, address):
    assert_nothing_scrolls_sideways(alpha, address)


def assert_nothing_scrolls_sideways(alpha, address):
    """320 is also what 640 pixels are at 200 %."""
    alpha.set_viewport_size({"width": 320, "height": 640})
    alpha.goto(address)
    settle(alpha)

    assert alpha.evaluate("document.documentElement.scrollWidth") <= 320
