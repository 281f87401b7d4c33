"""Searching by part of a name reads an index, though row-level security stands before it."""

import pytest
from django.db import connection, connections

from tests.factories import make_transaction, seeing, worker
from transactions.models import Transaction

NAMES = {
    "kumar": "Suresh KUMAR",
    "кузнец": "Пётр Кузнецов",
    "कुमार": "सुरेश कुमार",
    "রহমান": "আব্দুর রহমান",
}
INDEX_SCAN = "Bitmap Index Scan on transaction_by_counterparty"
ROWS = 5_000
# Names as unlike each other as people's are: the hexadecimal digests of numbers.
COPIES = """
    insert into transactions_transaction (number, counterparty, client_id, wallet_id,
        payment_system_id, direction, type, status, amount, currency, country, label, order_number,
        logged_at, recorded_at)
    select n::text, md5(n::text), client_id, wallet_id, payment_system_id, direction, type,
        status, amount, currency, country, label, order_number, logged_at, recorded_at
    from (select * from transactions_transaction limit 1) one, generate_series(1, %s) n
"""


@pytest.mark.django_db
def test_what_the_search_compares_by_is_leakproof():
    """Otherwise each row's Client is checked before its name, and no index serves the name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select oid::regprocedure::text from pg_proc where proleakproof"
            " and oid in ('textlike(text, text)'::regprocedure, 'upper(text)'::regprocedure)"
        )
        leakproof = {name for (name,) in cursor.fetchall()}

    assert leakproof == {"textlike(text,text)", "upper(text)"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_counterparty_is_found_by_its_index_in_any_script(alice):
    for name in NAMES.values():
        make_transaction(alice, counterparty=name)
    with worker(), connection.cursor() as cursor:
        cursor.execute(COPIES, [ROWS])
    with connections["owner"].cursor() as cursor:
        # Also puts the index in order, as autovacuum does: new entries wait in a list, which a
        # search would have to read through.
        cursor.execute("vacuum analyze transactions_transaction")

    with seeing(alice):
        everything = Transaction.objects.for_client(alice.client)
        plans = {part: everything.counterparty_contains(part).explain() for part in NAMES}

    assert [part for part, plan in plans.items() if INDEX_SCAN not in plan] == []
