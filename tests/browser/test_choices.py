"""The form never contradicts the rows: what is chosen applies, and goes along with what is pressed.

By a button of each kind; by all of them: tests/slow/browser/test_choices.py.
"""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.browser.filters import open_filters
from tests.support.marks import slow

LIST = "/payments/transactions/"
FIELDS = """
    () => Object.fromEntries([...document.querySelectorAll(".pk-fields [name]")].map(
        field => [field.name, field.value]))
"""


def assert_form_is_what_is_shown(page):
    page.wait_for_load_state("networkidle")
    address = parse_qs(urlsplit(page.url).query)
    chosen = {name: value for name, value in page.evaluate(FIELDS).items() if value}
    defaults = {"date_from", "date_to", "currency"}
    said = {name: values[-1] for name, values in address.items() if values[-1]}
    for name, value in chosen.items():
        assert said.get(name, value if name in defaults else "") == value
    fresh = page.context.new_page()
    fresh.goto(page.url)
    assert fresh.evaluate(FIELDS) == page.evaluate(FIELDS)
    assert fresh.locator("tbody").all_inner_texts() == page.locator("tbody").all_inner_texts()
    fresh.close()


def choose(page):
    open_filters(page)
    page.get_by_label("Тип кошелька", exact=True).select_option(label="bKash")
    page.get_by_label("Статус", exact=True).select_option(label="Неактивные")


WAYS = {
    "a quick period": lambda page: page.get_by_role("link", name="30 дней", exact=True).click(),
    "nothing": lambda page: None,
}


def assert_sent_on_a_list(alpha, way):
    alpha.goto(f"{LIST}?date_from=&direction=incoming&page=3")
    choose(alpha)
    way(alpha)

    alpha.wait_for_url(re.compile("payment_system=bkash.*status=inactive"))
    assert "page=3" not in alpha.url
    expect(alpha.get_by_role("link", name="Снять Статус: Неактивные")).to_be_visible()
    expect(alpha.get_by_label("Тип кошелька", exact=True)).to_have_value("bkash")
    expect(alpha.get_by_label("Статус", exact=True)).to_have_value("inactive")
    systems = alpha.locator("tbody td:first-child").all_inner_texts()
    # A week of the demo may have none; all its days have some.
    assert systems or not re.search("date_from=(&|$)", alpha.url)
    assert all(text.startswith("bKash") for text in systems)
    assert_form_is_what_is_shown(alpha)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_unsent_choices_are_sent_on_a_list(alpha, way):
    assert_sent_on_a_list(alpha, way)


def test_removed_chip_empties_its_field(alpha):
    alpha.goto(f"{LIST}?status=active")
    open_filters(alpha)
    alpha.get_by_label("Статус", exact=True).select_option(label="Неактивные")
    alpha.get_by_role("link", name="Снять Статус: Неактивные").click()

    expect(alpha.get_by_role("link", name="Снять Статус")).to_have_count(0)
    expect(alpha.get_by_label("Статус", exact=True)).to_have_value("")
    assert_form_is_what_is_shown(alpha)


def test_quick_period_overrides_typed_days(alpha):
    alpha.goto(LIST)
    open_filters(alpha)
    alpha.get_by_label("С", exact=True).fill("2026-01-01")
    alpha.get_by_role("link", name="Сегодня", exact=True).click()

    expect(alpha.get_by_role("link", name="Сегодня", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    assert "2026-01-01" not in alpha.url
    assert_form_is_what_is_shown(alpha)


@pytest.mark.slow
def test_reset_sends_no_choices(alpha):
    alpha.goto(LIST)
    choose(alpha)
    alpha.get_by_role("link", name="Сбросить", exact=True).click()

    alpha.wait_for_url(f"**{LIST}")
    expect(alpha.get_by_label("Тип кошелька", exact=True)).to_have_value("")
    assert_form_is_what_is_shown(alpha)


def test_invalid_choice_is_an_error(alpha):
    alpha.goto(LIST)
    open_filters(alpha)
    alpha.get_by_label("Контрагент", exact=True).fill("ab")
    alpha.get_by_label("Контрагент", exact=True).press("Enter")

    expect(alpha.get_by_text("Напишите не меньше трёх символов.")).to_be_visible()
    expect(alpha.get_by_label("Контрагент", exact=True)).to_have_value("ab")
    expect(alpha.locator("tbody tr")).to_have_count(0)


@pytest.mark.slow
def test_new_wallet_type_drops_the_old_wallet(alpha, sql):
    [[wallet]] = sql("""
        select w.id from wallets_wallet w join wallets_paymentsystem p on p.id = payment_system_id
            join clients_client c on c.id = client_id where p.code = 'upi_l' and c.slug = 'alpha'
        limit 1
    """)
    alpha.goto(f"{LIST}?payment_system=upi_l&wallet={wallet}")
    choose(alpha)
    alpha.get_by_role("link", name="30 дней", exact=True).click()

    alpha.wait_for_url(re.compile("payment_system=bkash"))
    expect(alpha.get_by_label("Кошелёк", exact=True)).to_have_value("")
    assert_form_is_what_is_shown(alpha)


def walk(page, *steps):
    """htmx reloads a page that is come back to: that has to be waited for."""
    for step in steps:
        with page.expect_event("load"):
            page.evaluate(f"setTimeout(() => history.{step}())")


# A day that is being typed: the field has not been left.
UNSENT = "document.getElementById('id_date_from').value = '2026-01-01'"
BACK = {
    "back": lambda page: walk(page, "back"),
    "back and forward": lambda page: walk(page, "back", "forward"),
    "from another page": lambda page: (page.goto("/wallets/balance/"), page.go_back()),
    "reload": lambda page: page.reload(),
    "out of the cache": lambda page: page.evaluate(
        "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    ),
}


def assert_restored(alpha, way, address):
    alpha.goto(address)
    alpha.get_by_role("link", name="30 дней", exact=True).click()
    alpha.wait_for_url("**date_from=*")
    open_filters(alpha)
    alpha.get_by_label("С", exact=True).focus()
    alpha.evaluate(UNSENT)
    way(alpha)

    assert_form_is_what_is_shown(alpha)
    assert alpha.locator("#id_date_from").input_value() != "2026-01-01"


@pytest.mark.parametrize(("way", "address"), [("back", LIST), *slow(("reload", "/"))])
def test_history_restores_the_choices_of_the_rows(alpha, way, address):
    assert_restored(alpha, BACK[way], address)


DASHBOARD = {
    "a tab": lambda page: page.get_by_role("button", name="Выводы", exact=True).click(),
    "a payment system": lambda page: page.get_by_role("checkbox", name="bKash").uncheck(),
}


def assert_sent_on_the_dashboard(alpha, way):
    alpha.goto("/")
    alpha.get_by_label("Страна", exact=True).select_option(label="Бангладеш")
    alpha.get_by_label("Валюта").select_option(value="BDT")
    way(alpha)

    alpha.wait_for_url(re.compile("currency=BDT&country=BD"))
    expect(alpha.locator('[data-pk-card="sum"] .pk-figure')).to_contain_text("BDT")
    assert_form_is_what_is_shown(alpha)


@pytest.mark.parametrize("way", DASHBOARD.values(), ids=DASHBOARD)
def test_unsent_choices_are_sent_on_the_dashboard(alpha, way):
    assert_sent_on_the_dashboard(alpha, way)


@pytest.mark.parametrize(
    ("address", "label", "value"),
    [("/payments/accumulations/", "Лейбл", "nobody"), ("/audit/", "Кто", "alpha")],
)
def test_unsent_choices_are_sent_on_other_lists(alpha, address, label, value):
    alpha.goto(address)
    open_filters(alpha)
    alpha.get_by_label(label, exact=True).fill(value)
    alpha.get_by_role("link", name="30 дней", exact=True).click()

    # Leaving the field sends it; the press, which may come before the answer, is the last.
    chosen = alpha.get_by_role("link", name="30 дней", exact=True)
    expect(chosen).to_have_attribute("aria-current", "true")
    alpha.wait_for_url(re.compile(value))
    expect(alpha.get_by_label(label, exact=True)).to_have_value(value)
    assert_form_is_what_is_shown(alpha)


def test_buttons_apply_sent_choices_without_javascript(browser, server, cookies):
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{LIST}?direction=incoming")
        open_filters(page)
        page.get_by_label("Статус", exact=True).select_option(label="Неактивные")
        page.get_by_role("link", name="30 дней", exact=True).click()

        expect(page.get_by_label("Статус", exact=True)).to_have_value("")
        expect(page.get_by_label("Направление", exact=True)).to_have_value("incoming")
        open_filters(page)
        page.get_by_label("Статус", exact=True).select_option(label="Неактивные")
        page.get_by_role("button", name="Найти").click()
        expect(page.get_by_role("link", name="Снять Статус: Неактивные")).to_be_visible()
