import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.bounded import Ledger, NewestPaginator
from tests.support.factories import (
    days_ago,
    make_accumulation,
    make_balance,
    make_transaction,
    worker,
)
from tests.support.pages import words

pytestmark = pytest.mark.django_db


def test_a_transaction_is_found_by_its_whole_number(office, alice):
    make_transaction(alice, "T 1")
    make_transaction(alice, "T 1 and more")

    found = office.get("/admin/transactions/transaction/?q=T+1").context["cl"].result_list

    assert [row.number for row in found] == ["T 1"]


def test_what_happened_to_a_transaction_is_shown_with_it(office, alice):
    moved = make_transaction(alice, "T1", status="pending")
    with worker():
        moved.status = "activated"
        moved.save()

    page = words(office.get(f"/admin/transactions/transaction/{moved.pk}/change/"))

    assert "В ожидании Активирована" in page


@pytest.mark.parametrize("listed", ["transactions/transaction", "accumulations/accumulation"])
def test_a_list_of_millions_is_never_read_whole(office, alice, charlie, monkeypatch, listed):
    for number in ("1", "2", "3", "4"):
        make_transaction(alice, number)
        make_accumulation(alice, number)
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 3)
    monkeypatch.setattr(Ledger, "list_per_page", 2)

    with CaptureQueriesContext(connection) as asked:
        page = office.get(f"/admin/{listed}/?_facets=True").context["cl"]

    table = listed.replace("/", "_")
    reads = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
    assert [row.number for row in page.result_list] == ["4", "3"]
    assert page.result_count == 3
    assert reads and all("LIMIT" in sql for sql in reads)


def test_the_newest_rows_of_more_are_not_told_as_a_count(office, alice, monkeypatch):
    for number in ("1", "2", "3"):
        make_transaction(alice, number)
    every = words(office.get("/admin/transactions/transaction/"))
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 2)

    newest = words(office.get("/admin/transactions/transaction/"))

    assert "3 записи" in every and "Последние" not in every
    assert "последние 2" in newest and "Последние 2" in newest
    assert not re.search(r"2 (запис|результат)", newest)


def test_results_are_counted_only_where_something_is_searched(office, alice):
    for number in ("N1", "N2", "N3"):
        make_transaction(alice, number)
    listed = "/admin/transactions/transaction/"

    assert "результат" not in words(office.get(listed))
    assert "1 результат" in words(office.get(listed, {"q": "N1"}))


@pytest.mark.parametrize("listed", ["transactions/transaction", "wallets/balance"])
def test_newest_are_named_only_where_there_are_more(office, alice, monkeypatch, listed):
    for _time in range(3):
        make_transaction(alice)
        make_balance(alice)
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 3)
    every = words(office.get(f"/admin/{listed}/"))
    make_transaction(alice)
    make_balance(alice)

    newest = office.get(f"/admin/{listed}/")

    assert "3 записи" in every and "оследние" not in every
    assert "Последние 3" in words(newest) and "последние 3" in words(newest)
    assert len(newest.context["cl"].result_list) == 3


def test_a_payout_is_told_from_a_pay_in(office, alice):
    make_transaction(alice, direction="outgoing")

    page = office.get("/admin/transactions/transaction/").content.decode()

    assert '<td class="field-direction">Исходящие</td>' in page


BY_ID, BY_DATE = {"id DESC"}, {"logged_at DESC, id DESC", "formed_at DESC, id DESC"}


def orders(asked, table):
    reads = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
    clauses = [re.search(r"ORDER BY (.*?)(?: LIMIT|\)|$)", sql).group(1) for sql in reads]
    return {re.sub(r'"\w+"\.|"', "", clause) for clause in clauses}


@pytest.mark.parametrize("listed", ["transactions/transaction", "accumulations/accumulation"])
@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("", BY_DATE),
        ("?o=3", BY_DATE),
        ("?o=-4.1&p=1", BY_DATE),
        ("?client__id__exact={alpha}", BY_DATE),
        ("?client__id__exact={alpha}&o=3", BY_DATE),
        ("?client__id__exact=abc", BY_DATE),
    ],
)
def test_a_ledger_is_sorted_as_an_index_has_it(office, alice, charlie, listed, asked, order):
    for number in ("1", "2"):
        make_transaction(alice, number)
        make_accumulation(alice, number)
    address = f"/admin/{listed}/{asked.format(alpha=alice.client.pk)}"

    with CaptureQueriesContext(connection) as queries:
        assert office.get(address, follow=True).status_code == 200

    found = orders(queries, listed.replace("/", "_"))
    assert len(found) == 1 and found <= order


@pytest.mark.parametrize(
    ("listed", "order"),
    [
        ("audit/auditevent", {"at DESC, id DESC"}),
        ("wallets/exchangerate", BY_ID),
        ("wallets/balance", BY_ID),
    ],
)
def test_growing_lists_ignore_requested_order(office, rows, listed, order):
    with CaptureQueriesContext(connection) as queries:
        assert office.get(f"/admin/{listed}/?o=3.-2").status_code == 200

    assert orders(queries, listed.replace("/", "_")) == order


@pytest.mark.parametrize(
    "asked",
    [
        "client__isnull=0",
        "client__isnull=True",
        "client={alpha}",
        "client__exact={alpha}",
        "client__id__exact={alpha}&client__id__exact={gamma}",
        "client__id__exact={alpha}&client={alpha}",
    ],
)
def test_a_ledger_is_narrowed_to_one_client_and_in_one_way(office, alice, charlie, asked):
    ids = {"alpha": alice.client.pk, "gamma": charlie.client.pk}

    with CaptureQueriesContext(connection) as queries:
        response = office.get(f"/admin/transactions/transaction/?{asked.format(**ids)}")

    assert response.status_code == 400
    assert not orders(queries, "transactions_transaction")


def test_audit_log_is_filtered_by_one_client(office, alice, charlie):
    both = f"client__id__exact={alice.client.pk}&client__id__exact={charlie.client.pk}"

    assert office.get(f"/admin/audit/auditevent/?{both}").status_code == 400


def test_the_only_client_there_is_narrows_nothing(office, alice):
    """Stock admin has no filter of one choice."""
    make_transaction(alice, "T1")
    only = f"client__id__exact={alice.client.pk}"

    with CaptureQueriesContext(connection) as queries:
        office.get(f"/admin/transactions/transaction/?{only}")

    assert orders(queries, "transactions_transaction") <= BY_DATE


@pytest.mark.parametrize("asked", ["", "&client=1", "&client__id__exact={alpha}", "&o=3"])
def test_an_autocomplete_takes_no_order_from_its_address(office, alice, charlie, asked):
    make_transaction(alice, "T1")
    field = "app_label=transactions&model_name=change&field_name=transaction"

    with CaptureQueriesContext(connection) as queries:
        office.get(f"/admin/autocomplete/?{field}{asked.format(alpha=alice.client.pk)}")

    assert orders(queries, "transactions_transaction") == BY_ID


@pytest.mark.parametrize("listed", ["transactions/transaction", "accumulations/accumulation"])
def test_the_newest_of_all_clients_come_first_whenever_they_were_recorded(
    office, alice, charlie, monkeypatch, listed
):
    monkeypatch.setattr(NewestPaginator, "MAX_ROWS", 3)
    for owner, number, days in [(alice, "2", 2), (charlie, "1", 1), (alice, "4", 4)]:
        make_transaction(owner, number, logged_at=days_ago(days))
        make_accumulation(owner, number, formed_at=days_ago(days))
    make_transaction(charlie, "3", logged_at=days_ago(3))
    make_accumulation(charlie, "3", formed_at=days_ago(3))

    rows = office.get(f"/admin/{listed}/").context["cl"].result_list

    assert [row.number for row in rows] == ["1", "2", "3"]
