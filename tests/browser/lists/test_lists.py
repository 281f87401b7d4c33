import re

import pytest
from playwright.sync_api import expect

from tests.support.browser.filters import open_filters

LIST = "/payments/transactions/"
LABELS = """
    select label, count(*) from transactions_transaction t
        join clients_client c on c.id = t.client_id
    where slug = 'alpha' and label <> '' group by 1 having count(*) between 2 and 20
    order by 1 limit 1
"""
# Numbers that their column cuts.
CUT = """
    links => links.filter(link => link.scrollWidth > link.clientWidth).map(link => link.innerText)
"""
# A text that can be broken anywhere widens its column by all that no other column needs.
TAKE_THE_ROOM_LEFT = "cells => cells.forEach(cell => { cell.textContent = 'a '.repeat(200); })"
# Amounts that stand in more than one line.
BROKEN = """
    amounts => amounts.filter(amount => new Set(
        [...amount.getClientRects()].map(({ bottom }) => Math.round(bottom))).size > 1
    ).map(amount => amount.innerText)
"""


@pytest.mark.parametrize(
    ("other", "widths"), [("logged_at", (768, 1280)), ("country", (1440, 2560))]
)
def test_twelve_digit_number_is_not_cut(alpha, other, widths):
    alpha.goto(f"{LIST}?date_from=&payment_system=upi_l")
    alpha.locator(f"td[data-pk-column={other}]").evaluate_all(TAKE_THE_ROOM_LEFT)

    numbers = alpha.locator("[data-pk-row-link]")
    assert len(numbers.first.inner_text()) == 12
    for width in widths:
        alpha.set_viewport_size({"width": width, "height": 900})
        assert numbers.evaluate_all(CUT) == [], width


@pytest.mark.parametrize("address", [f"{LIST}?date_from=&per_page=100", "/payments/accumulations/"])
def test_amount_and_currency_share_a_line(alpha, address):
    alpha.goto(address)

    amounts = alpha.locator("tbody .pk-money")
    assert amounts.count()
    for width in (390, 768, 1280, 1440, 2560):
        alpha.set_viewport_size({"width": width, "height": 900})
        assert amounts.evaluate_all(BROKEN) == [], width


@pytest.mark.parametrize(
    ("filled", "texts"),
    [
        ("label <> '' and order_number <> ''", ["Лейбл {0}", "Номер заказа {1}"]),
        ("label <> '' and order_number = ''", ["Лейбл {0}"]),
        ("label = '' and order_number = ''", []),
    ],
)
def test_phone_card_shows_label_and_order_number(alpha, sql, filled, texts):
    [[number, *names]] = sql(
        "select number, label, order_number from transactions_transaction t"
        f" join clients_client c on c.id = t.client_id where slug = 'alpha' and {filled} limit 1"
    )
    alpha.set_viewport_size({"width": 390, "height": 900})
    alpha.goto(f"{LIST}?date_from=&transaction_id={number}")
    cell = alpha.locator("td[data-pk-column=label_and_order]")

    expect(cell).to_be_visible(visible=bool(texts))
    for part, text in zip(cell.locator("span:visible").all(), texts, strict=True):
        name = part.evaluate("part => getComputedStyle(part, '::before').content")
        assert f"{name} {part.inner_text()}".replace('"', "").split() == text.format(*names).split()


def test_eighteen_rows_fit_a_laptop(alpha):
    alpha.goto(f"{LIST}?date_from=")
    alpha.locator("tbody tr").first.wait_for()
    whole = "rows => rows.filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"

    assert alpha.locator("tbody tr").evaluate_all(whole) >= 18
    heights = alpha.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert max(heights) <= 37


def test_display_chooses_rows_and_columns_at_once(alpha):
    alpha.goto(LIST)
    alpha.get_by_role("button", name="Вид").click()
    alpha.get_by_role("checkbox", name="Страна").uncheck()
    expect(alpha.locator("thead [data-pk-column=country]")).to_have_count(0)
    expect(alpha.locator("#display")).to_be_visible()
    alpha.get_by_role("button", name="Переместить «Дата» выше").click()
    expect(alpha.locator("thead th").nth(3)).to_have_text("Дата")
    alpha.get_by_role("button", name="Просторно").click()

    expect(alpha.locator(".pk-dense")).to_have_count(0)
    assert alpha.url.endswith(LIST)
    alpha.get_by_role("button", name="Столбцы по умолчанию").click()
    expect(alpha.locator("thead [data-pk-column=country]")).to_have_count(1)


def test_head_sorts_by_date(alpha):
    alpha.goto(f"{LIST}?date_from=")
    newest = alpha.locator("tbody .pk-moment").first.inner_text()
    alpha.locator("thead").get_by_role("link", name="Дата").click()

    expect(alpha.locator("thead [data-pk-column=logged_at]")).to_have_attribute(
        "aria-sort", "ascending"
    )
    assert alpha.locator("tbody .pk-moment").first.inner_text() != newest


def test_label_finds_only_its_rows(alpha, sql):
    [(label, count)] = sql(LABELS)
    alpha.goto(f"{LIST}?date_from=")
    open_filters(alpha)
    alpha.get_by_label("Лейбл", exact=True).fill(f" {label} ")
    alpha.get_by_label("Лейбл", exact=True).press("Enter")
    alpha.wait_for_url("**label=*")

    found = alpha.locator("tbody tr td:nth-child(6) span:first-child").all_inner_texts()

    assert found == [label] * count


def test_refresh_keeps_page_and_focus(alpha):
    alpha.goto(f"{LIST}?date_from=&date_to=2026-11-20&page=2")
    rows = alpha.locator("tbody").inner_text()
    refreshed = alpha.locator("time").inner_text()
    refresh = alpha.get_by_role("link", name="Обновить")
    alpha.wait_for_timeout(1100)  # the clock shows seconds
    refresh.focus()
    refresh.press("Enter")

    expect(alpha.locator("time")).not_to_have_text(refreshed)
    assert alpha.locator("tbody").inner_text() == rows
    assert "page=2" in alpha.url
    expect(refresh).to_be_focused()


def test_page_beyond_the_last_is_an_error(alpha):
    alpha.goto(f"{LIST}?page=9999")

    expect(alpha.get_by_text("Страницы 9999 нет")).to_be_visible()
    expect(alpha.locator("tbody tr")).to_have_count(0)


def test_next_page_begins_at_its_top(alpha):
    alpha.goto(LIST)
    alpha.get_by_role("link", name="Следующая страница").click()
    alpha.wait_for_url("**page=2")

    expect(alpha.get_by_role("heading", level=1)).to_be_in_viewport()


def test_choice_made_during_a_request_follows_it(alpha):
    held = []
    alpha.goto(LIST)
    open_filters(alpha)
    alpha.route("**date_from=*", lambda route: held.append(route), times=1)
    with alpha.expect_request("**date_from=*"):
        alpha.get_by_role("link", name="30 дней", exact=True).click()
    alpha.get_by_label("Статус", exact=True).select_option(label="Активные")
    held.pop().continue_()

    expect(alpha.get_by_role("link", name="Снять Статус: Активные")).to_be_visible()
    expect(alpha.get_by_role("link", name="30 дней", exact=True)).to_have_attribute(
        "aria-current", "true"
    )


def test_half_a_date_is_not_applied(alpha):
    alpha.goto(f"{LIST}?status=active")
    open_filters(alpha)
    alpha.get_by_label("С", exact=True).press("Delete")
    alpha.get_by_label("С", exact=True).press("Tab")
    alpha.get_by_label("Страна", exact=True).focus()

    expect(alpha).to_have_url(re.compile(f"{LIST}\\?status=active$"))


def test_copying_a_number_is_announced(alpha):
    alpha.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alpha.goto(LIST)
    number = alpha.locator("[data-pk-row-link]").first
    number.hover()
    alpha.get_by_role("button", name=f"Скопировать {number.inner_text()}").click()

    expect(alpha.get_by_role("status").filter(has_text="Скопировано")).to_have_count(1)
    assert alpha.evaluate("navigator.clipboard.readText()") == number.inner_text()


def test_choosing_a_wallet_type_loads_its_wallets(alpha):
    alpha.goto(LIST)
    open_filters(alpha)
    alpha.get_by_label("Тип кошелька", exact=True).select_option(label="UPI")
    alpha.get_by_label("Контрагент", exact=True).type("kamal")
    groups = alpha.locator("#id_wallet optgroup")

    expect(groups).to_have_count(1)
    expect(groups).to_have_attribute("label", "UPI")
    expect(alpha.get_by_label("Контрагент", exact=True)).to_have_value("kamal")
    expect(alpha.get_by_label("Кошелёк", exact=True)).to_have_value("")
    assert "payment_system=upi" in alpha.url


def test_text_typed_during_a_request_is_kept(alpha):
    held = []
    alpha.goto(LIST)
    open_filters(alpha)
    alpha.route("**date_from=*", lambda route: held.append(route), times=1)
    alpha.get_by_label("Лейбл", exact=True).type("user*")
    alpha.get_by_role("link", name="30 дней", exact=True).click()
    alpha.get_by_label("Контрагент", exact=True).type("kamal")
    held.pop().continue_()

    expect(alpha.get_by_role("link", name="Снять Лейбл: user*")).to_be_visible()
    expect(alpha.get_by_label("Лейбл", exact=True)).to_have_value("user*")
    expect(alpha.get_by_label("Контрагент", exact=True)).to_have_value("kamal")
    alpha.get_by_role("link", name="Сегодня", exact=True).click()
    alpha.wait_for_url("**counterparty=kamal*")


def test_reset_clears_typed_text(alpha):
    alpha.goto(f"{LIST}?status=active")
    open_filters(alpha)
    alpha.get_by_label("Контрагент", exact=True).type("kamal")
    alpha.get_by_role("link", name="Сбросить").first.click()
    alpha.wait_for_url(f"**{LIST}")

    expect(alpha.get_by_label("Контрагент", exact=True)).to_have_value("")


def test_focus_stays_at_the_chips(alpha):
    alpha.goto(f"{LIST}?status=active")
    alpha.get_by_role("link", name="Снять Статус: Активные").press("Enter")

    expect(alpha.locator("#chips")).to_be_focused()


def test_timeout_is_explained_and_not_retried(alpha, complaints):
    asked = []

    def take_too_long(route):
        asked.append(route.request.url)
        route.fulfill(status=504, content_type="text/html", body="<h1>Too long</h1>")

    alpha.goto(LIST)
    alpha.route("**date_from=*", take_too_long)
    alpha.get_by_role("link", name="30 дней", exact=True).click()

    expect(alpha.get_by_role("heading", name="Too long")).to_be_visible()
    assert alpha.url == asked[0]
    assert len(asked) == 1
    complaints.clear()  # of the 504 itself
