from itertools import product

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


def test_allowed_moves_follow_the_decisions():
    for earlier, later in PAIRS:
        assert may_follow(later, earlier) == (later in MAY_BECOME[earlier].split())


def test_final_statuses_have_no_moves():
    assert {status for status in Status if not MAY_BECOME[status]} == FINAL


def test_moves_never_lead_back():
    for earlier, later in PAIRS:
        assert not (may_follow(later, earlier) and may_follow(earlier, later))


def test_pending_and_processing_are_in_progress():
    assert set(IN_PROGRESS) == {"pending", "processing"}
