import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import confirm_if_asked, sign_in
from tests.browser.test_every_page import COLOURS
from tests.support.browser.settling import settle
from tests.support.marks import slow

LISTS = [
    "transactions/transaction",
    "accumulations/accumulation",
    "audit/auditevent",
    "clients/client",
    "wallets/balance",
    "wallets/exchangerate",
]
COLOUR = "getComputedStyle(document.body).backgroundColor"
FONT = "getComputedStyle(document.body).fontFamily"


@pytest.fixture(scope="session")
def cookies_of_administrator(browser, server):
    with browser.new_context(base_url=server) as context:
        page = context.new_page()
        page.goto("/admin/")
        sign_in(page, "admin-demo-password", "admin")
        return context.cookies()


@pytest.fixture
def office(page, complaints, cookies_of_administrator):
    page.context.add_cookies(cookies_of_administrator)
    return page


@pytest.mark.parametrize("listed", [LISTS[0], *slow(*LISTS[1:])])
def test_back_office_columns_fit_1440_pixels(office, listed):
    office.goto(f"/admin/{listed}/")

    results = office.locator(".results")
    assert results.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    assert office.evaluate("document.documentElement.scrollWidth") <= 1440


@pytest.mark.parametrize(
    "address", ["/admin/transactions/transaction/", *slow("/admin/", "/api/v1/docs")]
)
def test_back_office_has_the_products_font_and_colours(office, address):
    for theme, colour in (("light", "255, 255, 255"), ("dark", "17, 20, 23")):
        office.emulate_media(color_scheme=theme)
        office.goto(address)

        assert office.evaluate(COLOUR) == f"rgb({colour})"
        assert office.evaluate(FONT).startswith('"Inter Variable"')


def test_theme_can_be_chosen_in_the_back_office(office):
    office.goto("/admin/")
    office.get_by_role("button", name="Тёмная").click()
    office.wait_for_load_state()

    assert office.evaluate(COLOUR) == "rgb(17, 20, 23)"


@pytest.mark.parametrize("listed", ["transactions/transaction/", *slow("", "clients/client/add/")])
def test_back_office_fits_a_phone(office, listed):
    office.set_viewport_size({"width": 390, "height": 800})
    office.goto(f"/admin/{listed}")

    for width in (390, 320):
        office.set_viewport_size({"width": width, "height": 800})
        assert office.evaluate("document.documentElement.scrollWidth") <= width


# Words in two lines; of what is longer than a column may be, no word is made.
TORN = """
    () => {
        const torn = [];
        const content = document.querySelector("#content");
        const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const { data, parentElement } = texts.currentNode;
            if (!parentElement.checkVisibility() || parentElement.closest("option")) continue;
            for (const { 0: word, index } of data.matchAll(/[\\p{L}\\p{N}.,]+/gu)) {
                const range = document.createRange();
                range.setStart(texts.currentNode, index);
                range.setEnd(texts.currentNode, index + word.length);
                if (word.length < 25 && range.getClientRects().length > 1) torn.push(word);
            }
        }
        return torn;
    }
"""


@pytest.mark.parametrize(
    "listed",
    ["accounts/user", *slow(*LISTS, "wallets/paymentsystem", "wallets/wallet")],
)
def test_words_of_the_back_office_stay_whole(office, listed):
    office.goto(f"/admin/{listed}/")
    row = office.locator("#result_list tbody th a").first.get_attribute("href")
    for address in (office.url, row):
        office.goto(address)
        for width in (390, 1280):
            office.set_viewport_size({"width": width, "height": 800})
            assert office.evaluate(TORN) == [], (address, width)
            assert office.evaluate("document.documentElement.scrollWidth") <= width


def test_choices_of_a_membership_fit_a_phone(office):
    office.set_viewport_size({"width": 390, "height": 800})
    office.goto("/admin/accounts/user/add/")

    ends = "choices => choices.map(each => each.getBoundingClientRect().right)"
    box = office.locator(".inline-related:visible").bounding_box()
    for end in office.locator(".inline-related:visible select").evaluate_all(ends):
        assert end < box["x"] + box["width"]


def test_users_membership_names_the_client(office):
    office.goto("/admin/accounts/user/?q=alpha")

    assert office.locator("#result_list .field-client_and_role").inner_text() == "Alpha · Владелец"


@pytest.mark.slow
def test_api_description_is_readable(alpha):
    alpha.goto("/keys/")
    confirm_if_asked(alpha)
    alpha.get_by_role("link", name="Как программе обращаться к API").click()
    alpha.get_by_text("/api/v1/wallets/balance").first.click()

    assert alpha.locator("#sidebar").is_visible()
    settle(alpha)
    assert alpha.evaluate("document.documentElement.scrollWidth") <= 1440


@pytest.mark.parametrize("theme", ["dark", *slow("light")])
def test_colours_of_the_api_description_are_readable(alpha, theme):
    alpha.emulate_media(color_scheme=theme, reduced_motion="reduce")
    alpha.set_viewport_size({"width": 390, "height": 800})
    alpha.goto("/api/v1/docs")
    alpha.locator(".opblock-summary-get").first.wait_for()
    for operation in alpha.locator(".opblock-summary-control").all():
        operation.click()
    for schema in alpha.locator("#swagger-ui .json-schema-2020-12-accordion").all():
        schema.click()

    found = Axe().run(alpha, options=COLOURS)
    assert found.violations_count == 0, found.generate_report()
