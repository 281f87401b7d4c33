"""The number of queries that each page makes, whatever it shows; none of them twice.

A page that asks fewer is good news: write the new number down.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.factories import make_accumulation, make_balance, make_transaction, worker

pytestmark = pytest.mark.django_db

QUERIES = {
    "/": 12,
    "/chart.json": 8,
    "/payments/transactions/": 9,
    "/payments/transactions/?date_from=&status=active": 9,
    "/payments/transactions/?label=user-7": 9,
    "/payments/transactions/?label=nobody": 8,
    "/payments/accumulations/": 9,
    "/search/": 7,
    "/search/?q=number-1": 9,
    "/search/?q=user-7": 16,
    "/search/?q=4750": 10,
    "/wallets/balance/": 10,
    "/wallets/balance/?wallet_type=upi_l": 10,  # written down a moment ago
    "/audit/": 9,
    "/keys/": 8,
    "/members/": 9,
    "/audit/?actor=alice": 9,
}


@pytest.mark.parametrize(("address", "allowed"), QUERIES.items())
def test_a_page_asks_what_it_asked_before_and_nothing_twice(client, alice, address, allowed):
    with worker():
        transactions = [make_transaction(alice, f"number-{n}", label="user-7") for n in range(30)]
        make_accumulation(alice, transactions=transactions)
        make_balance(alice)
    client.sign_in(alice)
    client.get(address)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(address)

    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) == allowed, "\n".join(queries)
    assert len(set(queries)) == len(queries)
