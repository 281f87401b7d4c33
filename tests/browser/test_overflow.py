"""No figure and no label leaves its box: a Client of extremes, on a phone, at a desk and on paper.

All widths, in both languages: tests/slow/test_overflow.py.
"""

from pathlib import Path

import pytest

from tests.browser.conftest import manage, sign_in
from tests.browser.overflow import (
    A4,
    LIST,
    MEASURE,
    PAGES,
    enter,
    enter_office,
    faults_at,
    faults_in_office,
    first_transaction,
    make_extremes,
)
from tests.support.extremes import CODE, CURRENCIES
from tests.support.factories import PASSWORD

TEN = Path(__file__).parents[1] / "field_cases/11-sums-of-ten-currencies.csv"
TABLES = ["/", LIST, "/payments/accumulations/", "/audit/"]


@pytest.fixture(scope="session")
def extremes(environment):
    make_extremes(environment)


@pytest.fixture
def owner(extremes, page):
    enter(page)
    return page


@pytest.mark.parametrize("width", [320, 1440])
def test_no_text_overflows(owner, width):
    pages = [*PAGES, first_transaction(owner)]

    faults = {address: faults_at(owner, address, width) for address in pages}

    assert not {address: found for address, found in faults.items() if found}


def test_no_text_overflows_in_print(owner):
    pages = [*PAGES, first_transaction(owner)]

    faults = {address: faults_at(owner, address, A4, is_paper=True) for address in pages}

    assert not {address: found for address, found in faults.items() if found}


@pytest.mark.parametrize("half", [0, 1])
def test_no_text_overflows_in_the_back_office(extremes, page, half):
    pages = enter_office(page)[half::2]

    faults = {at: [*faults_in_office(page, at, 1440, 1024)] for at in pages}

    assert not {address: found for address, found in faults.items() if found}


@pytest.mark.parametrize("width", [320, 1440])
def test_all_ten_currencies_are_visible(owner, width):
    owner.set_viewport_size({"width": width, "height": 900})
    owner.goto(LIST)

    sums = owner.locator(".pk-sums dt")
    shown = {text for text in sums.all_inner_texts() if len(text) == 3}
    assert shown == set(CURRENCIES)
    for place in range(sums.count()):
        box = sums.nth(place).bounding_box()
        assert box is None or box["x"] + box["width"] <= width


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


@pytest.mark.parametrize(
    "address", ["/", "/?detail=on", LIST, f"/wallets/balance/?wallet_type={CODE}_INR"]
)
@pytest.mark.parametrize("width", [320, 390, 768])
def test_long_figure_breaks_between_digit_groups(owner, address, width):
    owner.set_viewport_size({"width": width, "height": 900})
    owner.goto(address)

    figures = owner.locator(".pk-money, .pk-sum, .pk-days td a")
    assert figures.count()
    assert figures.evaluate_all(TORN) == []


@pytest.fixture(scope="session")
def ten_currencies(environment):
    """The field case of that name, of a Client of its own."""
    make = "from tests.support.factories import make_client, make_member"
    make += "; make_member('sums', client=make_client('sums'))"
    manage(environment, "shell", "-v0", "-c", make)
    manage(environment, "import_transactions", f"{TEN}", "--client=sums", "--create-wallets")


@pytest.mark.parametrize(("width", "is_paper"), [(320, False), (1440, False), (A4, True)])
def test_ten_imported_currencies_are_visible(ten_currencies, page, width, is_paper):
    page.goto("/login/")
    sign_in(page, PASSWORD, "sums")
    period = "date_from=2026-10-01&date_to=2026-10-10"

    pages = [f"/?{period}", f"/?{period}&detail=on", f"{LIST}?{period}"]
    assert [faults_at(page, at, width, is_paper=is_paper) for at in pages] == [[], [], []]
    shown = page.locator(".pk-sums").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    for currency in ("BDT", "EGP", "INR", "KES", "LKR", "MAD", "MMK", "NGN", "NPR", "PKR"):
        assert f"12 345 678,90 {currency}" in shown
    for each in page.locator(".pk-sums dd:visible").all():
        box = each.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("address", TABLES)
@pytest.mark.parametrize("width", [768, 1000])
def test_tablet_shows_a_table(owner, address, width):
    owner.set_viewport_size({"width": width, "height": 900})
    owner.goto(address)

    for head in owner.locator(".pk-table thead").all():
        assert head.is_visible()


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        ("h1 { width: 40px; white-space: nowrap; overflow-wrap: normal }", "leaves"),
        ("h1 { width: 40px; white-space: nowrap; overflow: hidden }", "cut"),
        ("h1 { width: 40px; white-space: nowrap; overflow: auto }", "no key scrolls"),
    ],
)
def test_overflow_check_finds_an_overflow(owner, complaints, style, fault):
    owner.goto("/payments/accumulations/")
    owner.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets = [sheet]; }",
        style,
    )

    assert any(found.startswith(fault) for found in owner.evaluate(MEASURE, False))
