from pathlib import Path

import pytest

from tests.browser.conftest import manage, sign_in
from tests.browser.test_overflow import (
    assert_breaks_between_digit_groups,
    assert_table_on_a_tablet,
    assert_zone_is_said,
)
from tests.support.browser.extremes import CODE
from tests.support.browser.overflow import (
    A4,
    LIST,
    PAGES,
    enter,
    enter_office,
    faults_at,
    faults_in_office,
    first_transaction,
    make_extremes,
)
from tests.support.factories import PASSWORD

TEN = Path(__file__).parents[2] / "field_cases/11-sums-of-ten-currencies.csv"
WIDTHS = [320, 360, 768, 1024, 1280, 1440, 2560]
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")  # worksteal leaves a module and returns to it
def extremes(environment):
    make_extremes(environment)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_leaves_its_box_at_any_width(extremes, page, language):
    enter(page, language)
    pages = [*PAGES, first_transaction(page)]

    faults = [
        (width, address, fault)
        for address in pages
        for width in WIDTHS
        for fault in faults_at(page, address, width)
    ]

    assert not faults


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_of_the_back_office_leaves_its_box_at_any_width(extremes, page, language):
    pages = enter_office(page, language)

    faults = {at: [*faults_in_office(page, at, *WIDTHS)] for at in pages}

    assert not {address: found for address, found in faults.items() if found}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_sheet_of_paper_has_all_text_and_no_control(extremes, page, language):
    enter(page, language)
    pages = [*PAGES, first_transaction(page)]

    assert not [
        (address, fault)
        for address in pages
        for fault in faults_at(page, address, A4, is_paper=True)
    ]


def test_times_have_their_zone_on_a_phone_and_on_paper(extremes, page):
    enter(page)
    pages = ["/payments/accumulations/", "/audit/", "/keys/", "/members/", "/security/"]

    assert_zone_is_said(page, [first_transaction(page), *pages])


@pytest.mark.parametrize("address", ["/", f"/wallets/balance/?wallet_type={CODE}_INR"])
def test_long_figure_breaks_between_digit_groups(extremes, page, address):
    enter(page)

    assert_breaks_between_digit_groups(page, address)


@pytest.mark.parametrize("address", ["/payments/accumulations/", "/audit/"])
def test_tablet_shows_a_table(extremes, page, address):
    enter(page)

    assert_table_on_a_tablet(page, address)


@pytest.fixture(scope="session")
def ten_currencies(environment):
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
