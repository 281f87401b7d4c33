from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest

from paykassma_admin.lists import counting
from tests.conftest import NOON
from tests.support.factories import make_transaction, make_wallet
from tests.support.pages import csv_rows, errors, numbers, words
from transactions import selection as selections
from transactions import views

pytestmark = pytest.mark.django_db
URL = "/payments/transactions/"
AMOUNTS = {"a": 10, "b": 30, "c": 20, "d": 30}


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


@pytest.fixture
def rows(alice):
    for minute, (number, amount) in enumerate(AMOUNTS.items()):
        at = NOON - timedelta(minutes=60 - minute)
        make_transaction(alice, number, amount=amount, logged_at=at, label="xyz")


@pytest.mark.parametrize(
    ("sort", "order"),
    [("", "dcba"), ("date", "abcd"), ("amount", "acbd"), ("-amount", "dbca")],
)
@pytest.mark.parametrize("narrowed", [{}, {"label": "xyz"}, {"label": "xyz*"}])
def test_list_is_in_the_chosen_order(open_list, rows, sort, order, narrowed):
    response = open_list(sort=sort, arrival_currency="INR", **narrowed)

    assert "".join(numbers(response)) == order


def test_order_has_no_chip_and_stays_with_the_form(open_list, rows):
    response = open_list(sort="date")

    assert response.context["filter"].chips == []
    assert response.context["filter"].form["sort"].value() == "date"


@pytest.mark.parametrize("sort", ["amount", "-amount"])
def test_order_by_amount_needs_one_currency(open_list, rows, sort):
    response = open_list(sort=sort)

    assert errors(response) == {
        "sort": [
            "Для порядка по сумме выберите одну валюту прихода: у сумм в разных валютах общего"
            " порядка нет."
        ]
    }
    assert "Порядок" in words(response)


@pytest.mark.parametrize("sort", ["number", "-date", "AMOUNT", "\0"])
def test_unknown_order_is_refused(open_list, rows, sort):
    assert errors(open_list(sort=sort)) == {"sort": ["Выберите из списка."]}


@pytest.mark.parametrize("narrowed", [{}, {"label": "xyz"}])
def test_order_by_amount_is_refused_for_too_many_rows(open_list, rows, monkeypatch, narrowed):
    for module in (counting, views):
        monkeypatch.setattr(module, "MAX_COUNTED_ROWS", 3)

    response = open_list(sort="amount", arrival_currency="INR", **narrowed)

    assert errors(response) == {
        "sort": [
            "Больше 3 транзакций по сумме не сортируются. Выберите меньше дней или уточните поиск."
        ]
    }
    assert len(numbers(open_list(sort="date", **narrowed))) == 4


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_export_is_newest_first_in_any_order(client, open_list, rows):
    for sort in ("date", "amount"):
        response = client.get(f"{URL}export.csv", {"sort": sort})

        assert [row["number"] for row in csv_rows(response)] == ["d", "c", "b", "a"]


def test_far_page_of_any_order_has_the_rows_of_an_offset(open_list, alice, subtests):
    for serial in range(60):
        at = NOON - timedelta(hours=7 * serial)
        make_transaction(alice, f"n{serial}", amount=serial % 7 + 1, logged_at=at, label="xyz")

    narrowings = ({}, {"label": "xyz"}, {"until": "2026-11-24T17:00"})
    for sort, narrowed in product(("date", "amount", "-amount"), narrowings):
        with subtests.test(f"{sort} {narrowed}"):
            assert_far_pages(open_list, {"sort": sort, **narrowed})


def assert_far_pages(open_list, said):
    conditions = {"arrival_currency": "INR", "date_from": "", "per_page": 25, **said}
    pages = [numbers(open_list(**conditions, page=page)) for page in (1, 2, 3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selections, "SEEK_FROM_OFFSET", 0)
        assert pages == [numbers(open_list(**conditions, page=page)) for page in (1, 2, 3)]
    assert len({number for page in pages for number in page}) == sum(map(len, pages))


def test_amounts_filter_inclusively(open_list, rows):
    assert numbers(open_list(amount_from="20")) == ["d", "c", "b"]
    assert numbers(open_list(amount_from="10.0001", amount_to="20")) == ["c"]
    assert numbers(open_list(amount_to="9,99")) == []


def test_amounts_add_up_what_they_leave(open_list, rows):
    response = open_list(amount_from="20", amount_to="30")

    totals = response.context["totals"]
    assert (totals.count, totals.by_currency_and_direction()[0].amount) == (3, Decimal(80))


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        ({"amount_from": "4750.5"}, "от 4 750,5"),
        ({"amount_to": "4750"}, "до 4 750"),
        ({"amount_from": "0", "amount_to": "4750"}, "0–4 750"),
        ({"amount_from": "4750", "amount_to": "4750"}, "4 750"),
    ],
)
def test_amounts_share_one_chip(open_list, rows, amounts, shown):
    [chip] = open_list(**amounts).context["filter"].chips

    assert (chip.label, chip.value.replace("\N{NO-BREAK SPACE}", " ")) == ("Сумма", shown)
    assert chip.without == URL


def test_amounts_in_the_wrong_order_are_refused(open_list, rows):
    response = open_list(amount_from="30", amount_to="20")

    assert errors(response) == {
        "amount_from": ["Сумма «От» больше суммы «До». Поменяйте их местами."]
    }


@pytest.mark.parametrize("text", ["-1", "1,250", "1e3", "NaN", "ten", "1.23456", "1" * 17, "٣"])
def test_text_that_is_no_amount_is_refused(open_list, rows, text):
    response = open_list(amount_from=text)

    assert errors(response) == {
        "amount_from": ["Напишите сумму так: 4750 или 4750,50, без запятых между тысячами."]
    }


def test_amounts_see_no_other_clients_rows(open_list, rows, charlie, nets):
    make_transaction(charlie, "his", wallet=make_wallet(charlie.client), amount=30)

    assert numbers(open_list(amount_from="30", sort="date")) == ["b", "d"]
