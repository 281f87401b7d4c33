"""The box of the top bar, as a person uses it: found in three actions from any page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in

NUMBERS = """
    select number, t.id from transactions_transaction t join clients_client c on c.id = t.client_id
    where slug = 'alpha' and counterparty <> '' and number ~ '^[0-9]{12}$'
    order by logged_at limit 2
"""
ANY_PAGE = [
    "/",
    "/payments/transactions/",
    "/wallets/balance/",
    "/about/",
    "/audit/",
    "/security/",
]
BOX = "#search-box"
OPTIONS = "#search-options"


@pytest.mark.parametrize("address", ANY_PAGE)
def test_transaction_is_found_by_keyboard_alone(alpha, sql, address):
    [(number, pk), _other] = sql(NUMBERS)
    alpha.goto(address)

    alpha.keyboard.press("/")
    alpha.keyboard.type(f"UTR {number[:4]} {number[4:]}")
    alpha.keyboard.press("Enter")

    expect(alpha).to_have_url(re.compile(f"/payments/transactions/{pk}/"))


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_keys_lead_to_the_box_and_choose_its_text(alpha, keys):
    alpha.goto("/search/?q=nobody")

    alpha.keyboard.press(keys)
    alpha.keyboard.type("4750")

    expect(alpha.locator(BOX)).to_have_value("4750")


def test_slash_is_a_letter_of_other_fields(alpha):
    alpha.goto("/wallets/balance/")
    field = alpha.locator("main input:not([type=hidden])").first
    field.focus()

    alpha.keyboard.type("a/b")

    expect(field).to_have_value("a/b")
    expect(alpha.locator(BOX)).not_to_be_focused()


def test_list_of_the_box_is_used_by_keyboard(alpha):
    alpha.goto("/")
    box = alpha.locator(BOX)

    box.focus()
    alpha.keyboard.type("запрос бал")
    expect(alpha.locator(f"{OPTIONS} [role=option]")).to_have_text(["Запрос баланса"])
    expect(box).to_have_attribute("aria-expanded", "true")
    alpha.keyboard.press("ArrowDown")
    chosen = alpha.locator(f"{OPTIONS} [aria-selected=true]")
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    alpha.keyboard.press("Enter")

    expect(alpha).to_have_url(re.compile("/wallets/balance/"))


def test_number_of_suggestions_is_announced(alpha):
    alpha.goto("/")

    alpha.locator(BOX).fill("запрос бал")

    expect(alpha.locator(".pk-search [role=status]")).to_have_text("1 подсказка.")


def test_escape_closes_the_list_then_empties_the_box(alpha):
    alpha.goto("/")
    box = alpha.locator(BOX)
    box.fill("баланс")
    expect(alpha.locator(OPTIONS)).to_be_visible()

    alpha.keyboard.press("Escape")
    expect(alpha.locator(OPTIONS)).to_be_hidden()
    expect(box).to_have_value("баланс")
    expect(box).to_have_attribute("aria-expanded", "false")
    alpha.keyboard.press("Escape")

    expect(box).to_have_value("")


def test_recent_search_is_offered_and_opens(alpha):
    alpha.goto("/search/?q=recent-4750")
    alpha.goto("/")

    alpha.locator(BOX).fill("recent-47")
    alpha.get_by_role("option", name="recent-4750").click()

    expect(alpha).to_have_url(re.compile("/search/.q=recent-4750"))


def test_column_of_numbers_is_pasted_into_the_box(alpha, sql):
    (first, _), (second, _) = sql(NUMBERS)
    alpha.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alpha.goto("/")
    column = f"{first}\n{second}\n999999999999"
    alpha.evaluate("text => navigator.clipboard.writeText(text)", column)

    alpha.keyboard.press("/")
    alpha.keyboard.press("Control+v")
    alpha.keyboard.press("Enter")

    expect(alpha.locator("[data-pk-row-link]")).to_have_count(2)
    expect(alpha.locator(".pk-missing-numbers li")).to_have_text(["999999999999"])


def test_box_opens_over_the_bar_of_a_phone(alpha, sql):
    [(number, pk), _other] = sql(NUMBERS)
    alpha.set_viewport_size({"width": 390, "height": 844})
    alpha.goto("/")
    box = alpha.locator(BOX)
    expect(alpha.get_by_role("button", name="Меню")).to_be_visible()
    assert box.bounding_box()["width"] <= 40

    box.click()
    assert box.bounding_box()["width"] > 330
    alpha.keyboard.type(number)
    alpha.keyboard.press("Enter")

    expect(alpha).to_have_url(re.compile(f"/payments/transactions/{pk}/"))


def test_box_is_no_obstacle_to_the_menu_of_a_phone(alpha):
    alpha.set_viewport_size({"width": 320, "height": 700})
    alpha.goto("/payments/transactions/")

    for name in ("Меню", "alpha"):
        alpha.locator(".pk-topbar").get_by_role("button", name=name).click(trial=True)
    assert alpha.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_search_works_without_javascript(page, complaints, sql):
    [(number, pk), _other] = sql(NUMBERS)
    page.goto("/login/?next=/members/")
    sign_in(page)
    page.locator(BOX).fill(number)
    page.locator(BOX).press("Enter")
    expect(page).to_have_url(re.compile(f"/payments/transactions/{pk}/"))
    page.goto("/search/")

    page.get_by_role("link", name=number).click()

    expect(page).to_have_url(re.compile(f"/payments/transactions/{pk}/"))


def test_script_of_the_list_is_loaded_when_the_box_is_used(alpha):
    loaded = []
    alpha.on("request", lambda request: loaded.append(request.url))
    alpha.goto("/")
    assert not [url for url in loaded if "search_options" in url]

    with alpha.expect_request(re.compile("complete.json")):
        alpha.locator(BOX).focus()
