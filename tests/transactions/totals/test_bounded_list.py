from copy import copy
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from paykassma_admin.lists import counting
from paykassma_admin.lists.counting import RowLimitExceeded
from paykassma_admin.periods import Period
from tests.support.factories import (
    days_ago,
    make_rate,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from tests.support.pages import csv_rows, errors, numbers, words
from transactions.models import Transaction
from transactions.selection import Selection
from transactions.totals import queries

pytestmark = pytest.mark.django_db
URL = "/payments/transactions/"
MOST = 50  # two pages
ROWS = 5_000
TODAY = date(2026, 11, 24)
TEXTS = [
    {"label": "user-7"},
    {"label": "use*"},
    {"order_number": "order-*"},
    {"transaction_id": "number-*"},
    {"counterparty": "кузнец"},
    {"label": "user-7", "currency": "INR"},  # added up by day
]


@pytest.fixture(autouse=True)
def a_low_bound(monkeypatch):
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", MOST)


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


def make_transactions(owner, count, **fields):
    """Alike, on three days, so that any of the texts finds all of them."""
    texts = {"label": "user-7", "order_number": "order-7", "counterparty": "Пётр КУЗНЕЦОВ"}
    first = make_transaction(owner, "number-0", **texts | fields)
    with worker():
        Transaction.unscoped.bulk_create(copies(first, count - 1))


def copies(first, count):
    for serial in range(1, count + 1):
        another = copy(first)
        another.pk = None
        another.number = f"number-{serial}"
        another.logged_at = first.logged_at - timedelta(days=serial % 3)
        yield another


def in_english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


# Up to the bound


@pytest.mark.parametrize("text", TEXTS)
def test_rows_up_to_the_bound_are_counted_and_summed(open_list, alice, text):
    make_transactions(alice, MOST)

    shown = words(open_list(**text))

    assert "Найдено 50 транзакций" in shown
    assert "входящие 50 000,00 INR" in shown
    assert "страница 1 из 2" in shown


def test_bounded_rows_are_converted_at_each_days_rate(open_list, alice):
    make_rate("INR", "0.012", days_ago(2).date())
    make_rate("INR", "0.006", days_ago(0).date())
    make_transactions(alice, 3, currency="BDT")  # 12 USD on each of three days

    shown = words(open_list(label="user-7", currency="INR"))

    assert "входящие 4 000,00 INR" in shown


def test_bound_counts_only_the_clients_rows(open_list, alice, charlie):
    make_transactions(alice, MOST)
    make_transactions(charlie, 1)

    assert "Найдено 50 транзакций" in words(open_list(label="user-7"))


def test_precomputed_totals_have_no_bound(open_list, alice):
    make_transactions(alice, MOST + 1)

    shown = words(open_list(direction="incoming", country="IN"))

    assert "Найдена 51 транзакция" in shown
    assert "входящие 51 000,00 INR" in shown
    assert len(numbers(open_list(page=3))) == 1


# Beyond it


@pytest.mark.parametrize("text", TEXTS)
def test_beyond_the_bound_there_is_no_sum(open_list, alice, text):
    make_transactions(alice, MOST + 1)

    response = open_list(**text)
    shown = words(response)

    assert "Найдено больше 50 транзакций Суммы для такого количества не считаются" in shown
    assert "Выберите меньше дней или уточните поиск. В экспорте есть все строки." in shown
    assert len(numbers(response)) == 25
    for sum_ in ("data-pk-sum", "data-pk-converted", "По валютам"):
        assertNotContains(response, sum_)


def test_beyond_the_bound_the_list_says_so_in_english(client, open_list, alice):
    make_transactions(alice, MOST + 1)
    in_english(client)

    shown = words(open_list(label="user-7"))

    assert "Found more than 50 transactions So many are not added up" in shown
    assert "Choose fewer days, or narrow the search. The export has all of them." in shown
    assert "page 1 of more than 2" in shown


@pytest.mark.parametrize(
    ("most", "said"),
    [(1, "больше 1 транзакции "), (2, "больше 2 транзакций "), (5, "больше 5 транзакций ")],
)
def test_plural_agrees_with_the_number(open_list, alice, monkeypatch, most, said):
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", most)
    make_transactions(alice, most + 1)

    assert f"Найдено {said}" in words(open_list(label="user-7"))


def test_pages_end_at_the_bound_and_say_so(open_list, alice):
    make_transactions(alice, 2 * MOST)
    newest = numbers(open_list(date_from="", per_page=100))

    pages = [open_list(label="user-7", page=page) for page in (1, 2)]

    assert [number for page in pages for number in numbers(page)] == newest[:MOST]
    assertContains(pages[0], 'rel="next"')
    assertNotContains(pages[1], 'rel="next"')
    assert "1 2 …" in words(pages[1])
    assert "страница 2 из более чем 2" in words(pages[1])


@pytest.mark.parametrize("page", [3, 4, 1_000_000])
def test_page_beyond_the_bound_is_refused(client, open_list, alice, page):
    make_transactions(alice, 2 * MOST)

    refused = open_list(label="user-7", page=page)
    in_english(client)
    in_english_too = open_list(label="user-7", page=page)

    sentence = (
        f"Страницы {page} нет, последняя — 2, хотя строк больше."
        " Выберите меньше дней или уточните поиск."
    )
    assert errors(refused) == {"page": [sentence]}
    assert sentence in words(refused)
    assertNotContains(refused, "number-")
    assert "pages end at 2. Choose fewer days, or narrow the search." in words(in_english_too)


def test_export_has_no_bound(client, open_list, alice):
    make_transactions(alice, MOST + 1)
    assertContains(open_list(label="user-7"), f"{URL}export.csv?label=user-7")

    rows = csv_rows(client.get(f"{URL}export.csv", {"label": "user-7"}))

    assert len(rows) == MOST + 1


@pytest.mark.parametrize("add_up", ["totals", "period_totals"])
def test_totals_beyond_the_bound_raise(alice, add_up):
    make_transactions(alice, MOST + 1)
    ever = Selection(client=alice.client, period=Period(None, None, alice.client.zone))

    with seeing(alice), pytest.raises(RowLimitExceeded, match="more than 50 rows"):
        getattr(ever.replace(label="user-7"), add_up)()


# What it costs


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_database_stops_one_row_beyond_the_bound(alice, subtests):
    make_transactions(alice, ROWS, wallet=make_wallet(alice.client, "2"), logged_at=days_ago(400))
    make_transactions(alice, ROWS)
    with connections["owner"].cursor() as cursor:
        cursor.execute("vacuum analyze transactions_transaction")
    recent = Selection(client=alice.client, period=Period.week_before(TODAY, alice.client.zone))

    for text in TEXTS:
        with subtests.test(str(text)), seeing(alice):
            assert read(plan_of(statement_of(recent.replace(**text)))) == MOST + 1


def statement_of(selection):
    with CaptureQueriesContext(connection) as asked, pytest.raises(RowLimitExceeded):
        selection.period_totals()
    [statement] = [query["sql"] for query in asked]
    return statement


def plan_of(query):
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, format json) {query}")
        [[[plan]]] = cursor.fetchall()
    return plan["Plan"]


def nodes(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def read(plan):
    [scan] = [
        n for n in nodes(plan) if n.get("Relation Name", "")[:-1] == "transactions_transaction_"
    ]
    return scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)


@pytest.mark.parametrize("few", [MOST, 10])
def test_text_is_searched_once_if_few_rows_match(open_list, alice, few, monkeypatch):
    monkeypatch.setattr(queries, "SEEK_FROM_OFFSET", few)
    make_transactions(alice, MOST)
    make_transaction(alice, "another", counterparty="Somebody")
    in_order = numbers(open_list(page=1)) + numbers(open_list(page=2)) + numbers(open_list(page=3))

    with CaptureQueriesContext(connection) as asked:
        pages = numbers(open_list(counterparty="кузнец")) + numbers(
            open_list(counterparty="кузнец", page=2)
        )

    assert pages == [number for number in in_order if number != "another"]
    looked_for = [query for query in asked if "КУЗНЕЦ" in query["sql"].upper()]
    assert len(looked_for) == (2 if few == MOST else 4)
