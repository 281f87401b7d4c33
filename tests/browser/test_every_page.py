"""What holds for every page: nobody is shut out, and nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1440, 360)
ADDRESSES = [
    "/",
    "/?detail=on&chart=bar",
    "/payments/transactions/",
    "/payments/transactions/?status=nope",
    "/payments/accumulations/",
    "/wallets/balance/?wallet_type=dusupay",
]


def assert_all_can_read(page):
    page.wait_for_load_state("networkidle")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, f"at {width} px: {found.generate_report()}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_accessible_at_a_desk_and_on_a_phone(alpha, address):
    alpha.goto(address)

    assert_all_can_read(alpha)


def test_the_page_of_a_transaction_is_too(alpha):
    alpha.goto("/payments/transactions/")
    alpha.locator("tbody a").first.click()
    alpha.wait_for_url("**/transactions/*/")

    assert_all_can_read(alpha)


def test_sign_in_is_too(page, complaints):
    page.goto("/login/")

    assert_all_can_read(page)
