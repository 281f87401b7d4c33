"""`changed:`: rows that were recorded or have changed in some minutes or days."""

from datetime import timedelta

import pytest
import time_machine

from tests.conftest import NOON
from tests.support.factories import make_transaction, worker
from tests.support.pages import numbers

pytestmark = pytest.mark.django_db
LIST = "/payments/transactions/"


@pytest.fixture
def rows(client, alice, charlie):
    """Record rows at 17:30 and 17:40 of Kolkata, and change one of each of the first."""
    client.force_login(alice)
    old = [make_transaction(alice, f"{each} old", status="pending") for each in ("changed", "left")]
    make_transaction(alice, "old", status="pending")
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False), worker():
        make_transaction(alice, "new", status="pending")
        make_transaction(charlie, "his")
        for row, status in zip(old, ("pending", "failed"), strict=True):
            row.status, row.label = status, "user-7"
            row.save()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("changed:>=2026-11-24T17:40", ["changed old", "left old", "new"]),
        ("changed:>2026-11-24T17:30", ["changed old", "left old", "new"]),
        ("changed:<=2026-11-24T17:30", ["changed old", "left old", "old"]),
        ("-changed:>=2026-11-24T17:40", ["old"]),
        ("changed:today status:pending", ["changed old", "new", "old"]),
        ("изменена:вчера", []),
    ],
)
def test_rows_are_found_by_when_they_were_recorded_or_changed(client, rows, text, found):
    assert sorted(numbers(client.get(LIST, {"q": text}, follow=True))) == found


def test_days_of_a_change_leave_the_lists_days_as_they_are(client, rows, alice):
    make_transaction(alice, "of before", logged_at=NOON - timedelta(days=30))

    assert "of before" not in numbers(client.get(LIST, {"q": "changed:today"}, follow=True))
    assert "of before" in numbers(client.get(LIST, {"q": "changed:today logged:all"}, follow=True))
