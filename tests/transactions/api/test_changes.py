"""A program that keeps a copy of the rows, and asks what was written since."""

from threading import Event

import pytest
from django.db import connection

from accounts.actions import create_api_key
from audit.record import Actor
from tests.support.database.at_once import at_once
from tests.support.factories import days_ago, make_transaction, seeing, worker
from transactions.models import Transaction

# Rows are given up to the oldest transaction that is open in the whole cluster: other tests' too.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

API = "/api/v1/transactions"


class Copy:
    """A program with all that it has read so far."""

    def __init__(self, client, key):
        self.client, self.key = client, key
        self.statuses, self.since = {}, ""

    def sync(self, **conditions):
        """Read what is new, and return its numbers in the order that it came in."""
        query = {"updated_since": self.since, "limit": 2} | conditions
        address, came = f"{API}?" + "&".join(f"{n}={v}" for n, v in query.items()), []
        while address:
            response = self.client.get(address, headers={"Authorization": f"Bearer {self.key}"})
            assert response.status_code == 200, response.content
            answer = response.json()
            came += [row["number"] for row in answer["rows"]]
            self.statuses |= {row["number"]: row["status"] for row in answer["rows"]}
            self.since, address = answer["updated_since"], answer["next"]
        return came


@pytest.fixture
def key(alice):
    with worker():
        return create_api_key(alice.client, name="copy", scopes=["read"], by=Actor("test"))


@pytest.fixture
def copy(client, key):
    return Copy(client, key)


def change(owner, number, status):
    with seeing(owner):
        Transaction.unscoped.filter(number=number).update(status=status)


def test_all_rows_come_once_then_those_that_are_new_or_changed(alice, copy):
    for n in range(5):
        make_transaction(alice, f"T{n}", status="pending", logged_at=days_ago(100 * n))

    assert copy.sync() == [f"T{n}" for n in range(5)]
    assert copy.sync() == []
    change(alice, "T1", "activated")
    make_transaction(alice, "T5", status="pending")
    assert copy.sync() == ["T1", "T5"]
    assert copy.statuses["T1"] == "activated"
    assert copy.sync() == []


def test_row_of_a_write_that_ends_later_is_not_missed(alice, copy):
    """The first to begin ends last: its row has the smaller number, and comes in late."""
    begun, go_on = Event(), Event()
    for number in ("first", "second"):
        make_transaction(alice, number, status="pending")
    copy.sync()

    def slow():
        with seeing(alice):
            Transaction.unscoped.filter(number="first").update(status="activated")
            begun.set()
            assert go_on.wait(20)

    def quick():
        try:
            assert begun.wait(20)
            change(alice, "second", "activated")
            return copy.sync()
        finally:
            go_on.set()

    _slow, meanwhile = at_once(slow, quick)

    assert meanwhile == []  # not past the one that still runs
    assert copy.sync() == ["first", "second"]
    assert copy.statuses == {"first": "activated", "second": "activated"}


def test_changes_of_a_stranger_do_not_come(alice, charlie, copy):
    make_transaction(charlie, "theirs")
    make_transaction(alice, "hers")

    assert copy.sync() == ["hers"]


def test_conditions_hold_for_changes_too(alice, copy):
    make_transaction(alice, "T1", status="pending")
    make_transaction(alice, "T2", status="activated")

    assert copy.sync(status="active") == ["T2"]


@pytest.mark.parametrize(
    "conditions",
    [
        {"updated_since": "x"},
        {"updated_since": "W10"},
        {"updated_since": "WyIxIiwgMV0"},
        {"updated_since": "WzEsIC0xXQ"},
        {"updated_since": "", "cursor": ""},
        {"updated_since": "", "sort": "date"},
        {"updated_since": "", "limit": "x"},
        {"updated_since": ["", ""]},
    ],
)
def test_wrong_parameter_is_refused(client, alice, key, conditions):
    response = client.get(API, conditions, headers={"Authorization": f"Bearer {key}"})

    assert response.status_code == 422


def test_changes_are_read_by_their_index(alice):
    make_transaction(alice, "T1")
    with seeing(alice), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_sort = off")
        own = Transaction.objects.for_client(alice.client)
        plan = own.filter(written_in__gte=1).settled().order_by("written_in", "id")[:10].explain()

    assert "transaction_by_write" in plan.replace("_client_id_written_in_id_idx", "_by_write")
