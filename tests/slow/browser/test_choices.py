from itertools import product

import pytest

from tests.browser.test_choices import (
    BACK,
    LIST,
    assert_restored,
    assert_sent_on_a_list,
    assert_sent_on_the_dashboard,
)


def type_page(page):
    page.get_by_label("страница", exact=True).fill("2")
    page.get_by_label("страница", exact=True).press("Enter")


WAYS = {
    "a chip": lambda page: page.get_by_role("link", name="Снять Направление").click(),
    "a typed page": type_page,
    "the default period": lambda page: page.get_by_role("link", name="8 дней", exact=True).click(),
    "the chip of days": lambda page: page.get_by_role("link", name="Снять Период").click(),
    "a page": lambda page: page.get_by_role("link", name="Следующая страница").dispatch_event(
        "click"  # before the answer to the choices, which may have one page
    ),
    "a page size": lambda page: page.get_by_role("button", name="50", exact=True).click(),
    "refresh": lambda page: page.get_by_role("link", name="Обновить").click(),
}
DASHBOARD = {
    "refresh": lambda page: page.get_by_role("link", name="Обновить").click(),
    "a quick period": lambda page: page.get_by_role("link", name="30 дней", exact=True).click(),
    "a measure": lambda page: page.get_by_role("button", name="Количество", exact=True).click(),
    "a chart": lambda page: page.get_by_role("button", name="Гистограмма").click(),
    "detail": lambda page: page.get_by_role("button", name="Детализация").click(),
    "all payment systems": lambda page: page.get_by_role(
        "button", name="Платёжные системы"
    ).click(),
}
TESTED_QUICKLY = {("back", LIST), ("reload", "/")}
HISTORY = [each for each in product(BACK, [LIST, "/"]) if each not in TESTED_QUICKLY]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_unsent_choices_are_sent_on_a_list(alpha, way):
    assert_sent_on_a_list(alpha, way)


@pytest.mark.parametrize("way", DASHBOARD.values(), ids=DASHBOARD)
def test_unsent_choices_are_sent_on_the_dashboard(alpha, way):
    assert_sent_on_the_dashboard(alpha, way)


@pytest.mark.parametrize(("way", "address"), HISTORY)
def test_history_restores_the_choices_of_the_rows(alpha, way, address):
    assert_restored(alpha, BACK[way], address)
