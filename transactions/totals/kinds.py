"""The kinds of transactions that the dashboard counts, by which the database keeps totals, too.

Its function transaction_kind() returns the kind of one row; a test holds that equal to these.
"""

from enum import StrEnum
from typing import Any

from transactions.models import Direction, Type
from transactions.statuses import IN_PROGRESS, Activity


class Kind(StrEnum):
    PAY_IN = "pay_in"  # what counts as an activated transaction in totals and charts
    FAKE = "fake"  # pay-ins that have no money behind them: told beside the total, never in it
    WITHDRAWAL = "withdrawal"
    IN_PROGRESS = "under_way"
    OTHER = "other"  # all others, so that the kinds together are all transactions


NO_KIND: dict[str, Any] = {"direction": "", "types": (), "activity": "", "statuses": ()}
# The conditions of a Selection that are a kind.
KIND_CONDITIONS: dict[Kind, dict[str, Any]] = {
    Kind.PAY_IN: NO_KIND
    | {
        "direction": Direction.INCOMING,
        "types": (Type.REAL, Type.FORCED),
        "activity": Activity.ACTIVE,
    },
    Kind.FAKE: NO_KIND
    | {"direction": Direction.INCOMING, "types": (Type.FAKE,), "activity": Activity.ACTIVE},
    Kind.WITHDRAWAL: NO_KIND | {"types": (Type.WITHDRAWAL,), "activity": Activity.ACTIVE},
    Kind.IN_PROGRESS: NO_KIND | {"types": (Type.WITHDRAWAL,), "statuses": IN_PROGRESS},
}
