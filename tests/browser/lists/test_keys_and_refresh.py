import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OWN_BROWSER, connect

LIST = "/payments/transactions/"


def test_keys_walk_select_and_copy_rows(alpha):
    alpha.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alpha.goto(f"{LIST}?date_from=&arrival_currency=INR&direction=incoming&sort=-amount")
    links = alpha.locator("[data-pk-row-link]")
    numbers = links.all_inner_texts()
    amounts = alpha.locator("tbody .pk-money").all_inner_texts()
    for key in "jxjjkx":
        alpha.keyboard.press(key)

    expect(links.nth(1)).to_be_focused()
    bar = alpha.locator("#selection")
    expect(bar).to_contain_text("Выбрано: 2")
    digits = [int(re.sub(r"\D", "", text)) for text in amounts[:2]]
    assert str(sum(digits)) in re.sub(r"\D", "", bar.inner_text().split("·")[1])
    bar.get_by_role("button", name="Скопировать номера").click()
    expect(alpha.get_by_role("status").filter(has_text="Скопировано")).to_have_count(1)
    assert alpha.evaluate("navigator.clipboard.readText()").split() == numbers[:2]
    bar.get_by_role("button", name="Снять выбор").click()
    expect(bar).to_be_hidden()


@pytest.mark.parametrize("code", ["UGX", "INR"])
def test_sum_of_the_selected_is_written_as_their_amounts_are(alpha, code):
    alpha.goto(f"{LIST}?date_from=&arrival_currency={code}&direction=outgoing")
    written = alpha.locator("tbody .pk-money").first.inner_text()
    alpha.keyboard.press("j")
    alpha.keyboard.press("x")

    expect(alpha.locator("[data-pk-selection]")).to_have_text(f"Выбрано: 1 · − {written}")


def test_accumulations_are_added_up_without_a_sign_and_their_ids_copied(alpha):
    alpha.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alpha.goto("/payments/accumulations/?date_from=")
    written = alpha.locator("tbody .pk-money").first.inner_text()
    alpha.keyboard.press("j")
    alpha.keyboard.press("x")

    expect(alpha.locator("[data-pk-selection]")).to_have_text(f"Выбрано: 1 · {written}")
    alpha.get_by_role("button", name="Скопировать номера").click()
    expect(alpha.get_by_role("status").filter(has_text="Скопировано")).to_have_count(1)
    number = alpha.locator("tbody [data-pk-column=number]").first.inner_text()
    assert alpha.evaluate("navigator.clipboard.readText()") == number


def test_audit_log_selects_nothing(alpha):
    alpha.goto("/audit/")
    alpha.keyboard.press("j")
    alpha.keyboard.press("x")

    expect(alpha.locator("[data-pk-selected]")).to_have_count(0)


def test_enter_opens_the_row_that_keys_reached(alpha):
    alpha.goto(f"{LIST}?date_from=")
    number = alpha.locator("[data-pk-row-link]").nth(1).inner_text()
    alpha.keyboard.press("j")
    alpha.keyboard.press("j")
    alpha.keyboard.press("Enter")

    expect(alpha.get_by_role("heading", name=number)).to_be_visible()


def test_question_mark_shows_the_keys(alpha):
    alpha.goto(LIST)
    alpha.keyboard.press("?")

    expect(alpha.get_by_role("dialog", name="Клавиши списка")).to_be_visible()
    alpha.keyboard.press("Escape")
    expect(alpha.locator("#keys")).to_be_hidden()


def test_letters_typed_in_a_field_move_nothing(alpha):
    alpha.goto(LIST)
    alpha.get_by_label("страница", exact=True).type("jx")

    expect(alpha.locator("[data-pk-selected]")).to_have_count(0)


@pytest.fixture
def refreshing(environment, no_preferences):
    with connect(environment["DATABASE_WORKER_URL"]) as connection:
        connection.execute("update accounts_user set refresh_seconds = 15 where username = 'alpha'")


@OWN_BROWSER
def test_list_refreshes_itself_and_keeps_what_is_being_done(alpha, refreshing):
    alpha.clock.install()
    alpha.goto(f"{LIST}?date_from=")
    first = alpha.locator("[data-pk-row-link]").first.inner_text()
    alpha.keyboard.press("j")
    alpha.keyboard.press("x")
    # As if the first row had come since: it is not among those that were shown.
    alpha.locator("tbody tr").nth(2).evaluate("row => row.remove()")
    scroll = alpha.evaluate("(scrollTo({top: 200, behavior: 'instant'}), scrollY)")
    with alpha.expect_response(lambda answer: "date_from=" in answer.url) as answered:
        alpha.clock.fast_forward(15_000)

    assert answered.value.request.headers["x-paykassma-automatic"] == "yes"
    expect(alpha.locator("[data-pk-every]")).to_have_text("Новых строк: 1")
    expect(alpha.locator("[data-pk-new]")).to_have_count(1)
    expect(alpha.locator("[data-pk-selected] [data-pk-row-link]")).to_have_text(first)
    expect(alpha.locator("[data-pk-row-link]").first).to_be_focused()
    assert abs(alpha.evaluate("scrollY") - scroll) <= 40


@OWN_BROWSER
def test_hidden_tab_asks_for_nothing(alpha, refreshing):
    alpha.clock.install()
    alpha.goto(LIST)
    asked = []
    alpha.on("request", lambda request: asked.append(request.url) if LIST in request.url else None)
    alpha.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    alpha.clock.fast_forward(60_000)
    alpha.wait_for_timeout(300)
    assert asked == []

    alpha.evaluate("delete document.hidden")
    with alpha.expect_response(lambda answer: LIST in answer.url):
        alpha.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
