"""A transaction's page, and the same beside its list."""

import re

import pytest
from playwright.sync_api import expect

LIST = "/payments/transactions/"
ALL = f"{LIST}?date_from="
DETAIL = re.compile(rf"{LIST}\d+/\?date_from=$")


def rows(page):
    return page.locator("[data-pk-row-link]")


def number_of(link):
    return link.inner_text()


@pytest.fixture
def opened(alpha):
    """The list with its second row beside it."""
    alpha.goto(ALL)
    rows(alpha).nth(1).click()
    expect(panel(alpha)).to_be_visible()
    return alpha


def panel(page):
    return page.get_by_role("dialog")


def expect_shown(page, link):
    expect(panel(page).get_by_role("heading", level=2).first).to_contain_text(number_of(link))
    expect(page).to_have_url(re.compile(re.escape(link.get_attribute("href"))))


def test_row_opens_beside_its_list(opened):
    expect_shown(opened, rows(opened).nth(1))
    expect(rows(opened).first).to_be_visible()
    expect(panel(opened)).to_be_focused()


def test_address_of_the_panel_is_a_page(opened):
    number = number_of(rows(opened).nth(1))
    opened.reload()

    expect(opened.get_by_role("heading", level=1)).to_contain_text(number)


def test_escape_closes_and_gives_the_focus_back(opened):
    opened.keyboard.press("Escape")

    expect(panel(opened)).to_be_hidden()
    expect(opened).to_have_url(re.compile(f"{re.escape(ALL)}$"))
    expect(rows(opened).nth(1)).to_be_focused()


def test_back_closes_and_forward_opens(opened):
    opened.go_back()
    expect(panel(opened)).to_be_hidden()

    opened.go_forward()
    expect_shown(opened, rows(opened).nth(1))


def test_button_closes(opened):
    panel(opened).get_by_role("button", name="Закрыть").click()

    expect(panel(opened)).to_be_hidden()


def test_keys_step_through_the_list(opened):
    opened.keyboard.press("j")
    expect_shown(opened, rows(opened).nth(2))
    opened.keyboard.press("k")
    expect_shown(opened, rows(opened).nth(1))
    opened.keyboard.press("Escape")

    expect(rows(opened).nth(1)).to_be_focused()


def test_next_is_a_link(opened):
    panel(opened).get_by_role("link", name="Следующая").click()

    expect_shown(opened, rows(opened).nth(2))


def test_note_is_written_in_the_panel(opened):
    panel(opened).get_by_label("Новая заметка").fill("jk: the payer called")
    panel(opened).get_by_role("button", name="Добавить заметку").click()

    expect(panel(opened).get_by_text("jk: the payer called")).to_be_visible()
    expect(rows(opened).first).to_be_visible()


def test_empty_note_is_refused_in_the_panel(opened):
    panel(opened).get_by_role("button", name="Добавить заметку").click()

    expect(panel(opened).get_by_text("Сначала напишите заметку.")).to_be_visible()
    expect(panel(opened).get_by_label("Новая заметка")).to_be_focused()


def test_row_opens_whole_on_a_phone(alpha):
    alpha.set_viewport_size({"width": 390, "height": 844})
    alpha.goto(ALL)
    number = number_of(rows(alpha).first)
    rows(alpha).first.click()

    expect(alpha.get_by_role("heading", level=1)).to_contain_text(number)
    assert alpha.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_works_without_javascript(browser, server, cookies):
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(ALL)
        numbers = rows(page).all_inner_texts()
        rows(page).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(numbers[0])
        page.get_by_role("link", name="Следующая").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(numbers[1])
        page.get_by_label("Новая заметка").fill("Without scripts")
        page.get_by_role("button", name="Добавить заметку").click()
        expect(page.get_by_text("Without scripts")).to_be_visible()
        expect(page).to_have_url(re.compile(r"\?date_from=#history$"))
