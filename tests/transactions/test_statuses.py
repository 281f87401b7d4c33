"""The one table of allowed moves, pair by pair, against the decisions of the requirements."""

from itertools import product

import pytest

from transactions.statuses import FINAL, IN_PROGRESS, may_follow
from wallets.statuses import Status

FROM_PENDING = "processing activated declined failed cancelled"
FROM_PROCESSING = "activated declined failed cancelled"
MAY_BECOME = {
    "not_activated": f"pending {FROM_PENDING}",
    "pending": FROM_PENDING,
    "processing": FROM_PROCESSING,
    "activated": "",
    "declined": "",
    "failed": "",
    "cancelled": "",
}
PAIRS = list(product(Status, repeat=2))


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_a_status_follows_another_where_the_decisions_say_so(earlier, later):
    assert may_follow(later, earlier) == (later in MAY_BECOME[earlier].split())


def test_final_are_those_that_nothing_follows():
    assert {status for status in Status if not MAY_BECOME[status]} == FINAL


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_no_move_leads_back(earlier, later):
    assert not (may_follow(later, earlier) and may_follow(earlier, later))


def test_under_way_are_pending_and_processing():
    assert set(IN_PROGRESS) == {"pending", "processing"}
