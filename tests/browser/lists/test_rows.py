"""A row is a link: whatever a browser does with links, it does with rows."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.marks import slow

LIST = "/payments/transactions/"
# Of the link that is at the middle of a row's cell, if any.
AT = """
    cell => {
        const {left, top, width, height} = cell.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2).closest("a")?.href;
    }
"""
CELLS = [
    "payment_system",
    "amount",
    "counterparty",
    "logged_at",
    "label_and_order",
    "country",
    "status",
]


def address_of(row):
    return row.locator("[data-pk-row-link]").evaluate("link => link.href")


@pytest.mark.parametrize("width", [390, 1440, *slow(1024)])
def test_row_link_covers_its_row(alpha, width):
    alpha.set_viewport_size({"width": width, "height": 900})
    alpha.goto(f"{LIST}?date_from=")
    for row in alpha.locator("tbody tr").all()[:5]:
        row.scroll_into_view_if_needed()
        shown = [row.locator(f"[data-pk-column={name}]") for name in CELLS]
        assert {cell.evaluate(AT) for cell in shown if cell.is_visible()} == {address_of(row)}


@pytest.mark.parametrize(
    "how", [{"modifiers": ["Control"]}, {"button": "middle"}], ids=["ctrl", "middle"]
)
def test_row_opens_in_a_new_tab(alpha, how):
    alpha.goto(f"{LIST}?date_from=")
    row = alpha.locator("tbody tr").nth(1)
    address = address_of(row)
    with alpha.context.expect_page() as opened:
        row.locator("[data-pk-column=country]").click(force=True, **how)

    opened.value.wait_for_url(address)
    expect(alpha).to_have_url(re.compile(f"{LIST}\\?date_from=$"))


def test_row_opens_without_javascript(browser, server, cookies):
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{LIST}?date_from=&page=2")
        row = page.locator("tbody tr").first
        number = row.locator("[data-pk-row-link]").inner_text()
        row.locator("[data-pk-column=status]").click(force=True)

        expect(page.get_by_role("heading", level=1)).to_contain_text(number)
        for name in ("Вернуться к списку", "Транзакции"):
            page.locator("main, .pk-breadcrumbs").get_by_role("link", name=name).click()
            expect(page).to_have_url(re.compile(f"{re.escape(LIST)}\\?date_from=&page=2$"))
            page.go_back()


def test_copy_button_does_not_open_the_row(alpha):
    alpha.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alpha.goto(LIST)
    row = alpha.locator("tbody tr").nth(1)
    row.hover()
    row.locator("[data-pk-copy]").click()

    expect(alpha.get_by_role("status").filter(has_text="Скопировано")).to_have_count(1)
    expect(alpha).to_have_url(re.compile(f"{LIST}$"))


def test_cut_text_has_a_title(alpha):
    alpha.goto(f"{LIST}?date_from=&direction=incoming&status=active")
    row = alpha.locator("tbody tr").first
    label = row.locator("[title]").first
    label.hover(force=True)

    expect(row.locator("[data-pk-row-link]")).to_have_attribute(
        "title", label.get_attribute("title")
    )


@pytest.mark.slow
def test_pointer_over_a_row_moves_nothing(alpha):
    """A row that moves away under the pointer opens its neighbour."""
    alpha.goto(f"{LIST}?date_from=")
    cells = alpha.locator("thead th, tbody tr:nth-child(-n+5) td")
    measure = "all => all.map(each => Object.values(each.getBoundingClientRect().toJSON()))"
    boxes = cells.evaluate_all(measure)
    for cell in alpha.locator("tbody tr:nth-child(-n+5) td").all():
        cell.hover(force=True)
        assert cells.evaluate_all(measure) == boxes


def test_double_spaces_are_preserved(alpha):
    alpha.goto(f"{LIST}?label=two++spaces")

    expect(alpha.locator("#chip-label strong")).to_have_css("white-space", "pre-wrap")
    assert alpha.locator("#chip-label strong").inner_text() == "two  spaces"
