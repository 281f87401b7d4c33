import json
from decimal import Decimal
from hashlib import md5

import pytest
from django.db import connection, connections

from paykassma_admin.database.roles import LEAKPROOF, NOT_LEAKPROOF
from paykassma_admin.periods import Period, today
from tests.support.factories import make_transaction, seeing, worker
from transactions.conditions import counterparty_part
from transactions.models import Transaction
from transactions.selection import Selection

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
def test_search_operators_are_leakproof():
    """Otherwise each row's Client is checked before its name, and no index serves the name."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_LEAKPROOF, [[*LEAKPROOF]])
        assert cursor.fetchall() == []


@pytest.fixture
def many_names(alice):
    for name in NAMES.values():
        make_transaction(alice, counterparty=name)
    with worker(), connection.cursor() as cursor:
        cursor.execute(COPIES, [ROWS])
    with connections["owner"].cursor() as cursor:
        # Also puts the index in order, as autovacuum does: new entries wait in a list, which a
        # search would have to read through.
        cursor.execute("vacuum analyze transactions_transaction")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("many_names")
def test_counterparty_search_uses_its_index(alice):
    with seeing(alice):
        everything = Transaction.objects.for_client(alice.client)
        sought = [*NAMES, "+880 1712-345", "01712-345678"]
        plans = {
            part: everything.filter(counterparty_part(everything, part)).explain()
            for part in sought
        }

    assert [part for part, plan in plans.items() if INDEX_SCAN not in plan] == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("many_names")
def test_frequent_name_still_uses_its_index(alice):
    """For a frequent name, the planner would rather use the index of dates."""
    with seeing(alice):
        rows = Transaction.objects.for_client(alice.client)
        told = [json.loads(plan)[0] for plan in plans_of(rows, range(1, 300))]

    assert max(plan["Plan"]["Plan Rows"] for plan in told) < ROWS / 500


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("many_names")
def test_number_in_lower_case_uses_its_index(alice):
    with seeing(alice):
        rows = Transaction.objects.for_client(alice.client)
        plans = [rows.matching(number=text).explain() for text in ("9bc4k2", "9bc4*", "4321")]

    assert [plan for plan in plans if "transaction_number_once" not in plan] == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("many_names")
@pytest.mark.parametrize("hour", [None, 14])
def test_amount_of_some_days_uses_its_index(alice, hour):
    with seeing(alice):
        week = Period.week_before(today(alice.client.zone), alice.client.zone)
        paid = Selection(
            client=alice.client,
            period=week,
            amount_from=Decimal(4750),
            amount_to=Decimal(4750),
            hour_from=hour,
            hour_to=hour,
        )
        plan = paid.rows().newest_first()[:101].explain()

    assert "transaction_by_amount" in plan


def plans_of(rows, numbers):
    """Return plans for so many names that some are bounds of the histogram."""
    for number in numbers:
        name = md5(str(number).encode(), usedforsecurity=False).hexdigest()
        yield search(rows, name).explain(format="json")


def search(rows, name):
    return rows.filter(counterparty_part(rows, name))
