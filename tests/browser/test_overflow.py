"""No figure and no label leaves its box: a Client of extremes, on a phone, at a desk and on paper.

Every page at all widths, in both languages: tests/slow/browser/test_overflow.py.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser.extremes import CODE, CURRENCIES
from tests.support.browser.overflow import (
    A4,
    LIST,
    MEASURE,
    enter,
    faults_at,
    faults_in_office,
    make_extremes,
    sign_in_to_office,
)

TABLES = ["/", LIST]
FIGURES = ["/?detail=on", LIST]
SOME_PAGES = ["/?detail=on&chart=bar", LIST, f"/wallets/balance/?wallet_type={CODE}_INR"]
PRINTED = ["/keys/", f"{LIST}?label=nobody"]
SOME_OF_OFFICE = ["/admin/wallets/wallet/", "/admin/transactions/transaction/"]


@pytest.fixture(scope="session")
def extremes(environment):
    make_extremes(environment)


@pytest.fixture(scope="session")
def cookies_of_owner(extremes, browser, server):
    with browser.new_context(base_url=server) as context:
        enter(context.new_page())
        return context.cookies()


@pytest.fixture
def owner(cookies_of_owner, page):
    page.context.add_cookies(cookies_of_owner)
    return page


def test_no_text_overflows(owner):
    faults = {at: faults_at(owner, at, 320) for at in SOME_PAGES}

    assert not {address: found for address, found in faults.items() if found}


def test_paper_has_all_text_and_no_control(owner):
    faults = {at: faults_at(owner, at, A4, is_paper=True) for at in SOME_PAGES + PRINTED}

    assert not {address: found for address, found in faults.items() if found}


def test_times_have_their_zone_on_a_phone_and_on_paper(owner):
    assert_zone_is_said(owner, ["/", LIST])


def assert_zone_is_said(owner, addresses):
    for address in addresses:
        owner.goto(address)
        for width, is_paper in ((390, False), (800, False), (A4, True), (1440, True)):
            owner.emulate_media(media="print" if is_paper else "screen")
            owner.set_viewport_size({"width": width, "height": 900})
            assert owner.locator(".pk-clock").is_visible(), (address, width)
            box = owner.get_by_text("Часовой пояс:").bounding_box()
            assert box["x"] + box["width"] <= width, (address, width)


def test_wide_screen_has_the_zone_in_its_sidebar_alone(owner):
    owner.goto(LIST)

    expect(owner.locator(".pk-client")).to_be_visible()
    expect(owner.locator(".pk-clock")).to_be_hidden()


def test_paper_has_no_trace_of_hidden_buttons(owner):
    owner.emulate_media(media="print")
    owner.goto("/")

    for each in owner.locator(".pk-segments").all():
        expect(each).to_be_hidden()


def test_no_text_overflows_in_the_back_office(extremes, page):
    sign_in_to_office(page)

    faults = {at: [*faults_in_office(page, at, 1440, 1024)] for at in SOME_OF_OFFICE}

    assert not {address: found for address, found in faults.items() if found}


def test_all_ten_currencies_are_visible(owner):
    owner.goto(LIST)
    owner.locator("#currencies > summary").click()
    sums = owner.locator(".pk-sums dt")

    for width in (320, 1440):
        owner.set_viewport_size({"width": width, "height": 900})
        shown = {text for text in sums.all_inner_texts() if len(text) == 3}
        assert shown == set(CURRENCIES), width
        for place in range(sums.count()):
            box = sums.nth(place).bounding_box()
            assert box is None or box["x"] + box["width"] <= width


def test_unknown_sum_on_a_phone_has_no_sign(owner):
    owner.set_viewport_size({"width": 390, "height": 900})
    owner.goto(LIST)
    converted = owner.locator(".pk-flow .pk-incoming")
    sign = "sum => getComputedStyle(sum, '::before').content"

    assert converted.evaluate(sign).startswith('"+ "')
    converted.evaluate("sum => sum.replaceChildren('—')")
    assert converted.evaluate(sign) == "none"


# Figures with a group of digits that begins in one line and ends in another.
TORN = """
    figures => figures.filter(figure => {
        const texts = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            for (const { 0: digits, index } of texts.currentNode.data.matchAll(/[\\d,]+/g)) {
                const range = document.createRange();
                range.setStart(texts.currentNode, index);
                range.setEnd(texts.currentNode, index + digits.length);
                if (range.getClientRects().length > 1) return true;
            }
        }
    }).map(figure => figure.innerText)
"""


@pytest.mark.parametrize("address", FIGURES)
def test_long_figure_breaks_between_digit_groups(owner, address):
    assert_breaks_between_digit_groups(owner, address)


def assert_breaks_between_digit_groups(owner, address):
    owner.goto(address)

    figures = owner.locator(".pk-money, .pk-sum, .pk-days td a")
    assert figures.count()
    for width in (320, 390, 768):
        owner.set_viewport_size({"width": width, "height": 900})
        assert figures.evaluate_all(TORN) == [], width


@pytest.mark.parametrize("address", TABLES)
def test_tablet_shows_a_table(owner, address):
    assert_table_on_a_tablet(owner, address)


def assert_table_on_a_tablet(owner, address):
    owner.goto(address)

    for width in (768, 1000):
        owner.set_viewport_size({"width": width, "height": 900})
        for head in owner.locator(".pk-table thead").all():
            assert head.is_visible(), width


BROKEN_STYLES = {
    "leaves": "h1 { width: 40px; white-space: nowrap; overflow-wrap: normal }",
    "cut": "h1 { width: 40px; white-space: nowrap; overflow: hidden }",
    "no key scrolls": "h1 { width: 40px; white-space: nowrap; overflow: auto }",
}


def test_overflow_check_finds_an_overflow(owner, complaints):
    owner.goto("/payments/accumulations/")

    for fault, style in BROKEN_STYLES.items():
        owner.evaluate(
            "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
            " document.adoptedStyleSheets = [sheet]; }",
            style,
        )
        assert any(found.startswith(fault) for found in owner.evaluate(MEASURE, False)), fault
