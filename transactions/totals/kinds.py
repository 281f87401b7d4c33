"""What the dashboard counts. The database keeps totals by day and kind, too.

Its function transaction_kind() tells the kind of one row; a test holds that equal to these.
"""

from enum import StrEnum
from typing import Any

from transactions.models import Direction, Type
from transactions.statuses import UNDER_WAY, Activity


class Kind(StrEnum):
    PAY_IN = "pay_in"  # what counts as an activated transaction in totals and charts
    FAKE = "fake"  # pay-ins that have no money behind them: told beside the total, never in it
    WITHDRAWAL = "withdrawal"
    UNDER_WAY = "under_way"
    OTHER = "other"  # all others, so that the kinds together are all transactions


NO_KIND: dict[str, Any] = {"direction": "", "types": (), "activity": "", "statuses": ()}
# The conditions of a Selection that are a kind.
CONDITIONS: dict[Kind, dict[str, Any]] = {
    Kind.PAY_IN: NO_KIND
    | {
        "direction": Direction.INCOMING,
        "types": (Type.REAL, Type.FORCED),
        "activity": Activity.ACTIVE,
    },
    Kind.FAKE: NO_KIND
    | {"direction": Direction.INCOMING, "types": (Type.FAKE,), "activity": Activity.ACTIVE},
    Kind.WITHDRAWAL: NO_KIND | {"types": (Type.WITHDRAWAL,), "activity": Activity.ACTIVE},
    Kind.UNDER_WAY: NO_KIND | {"types": (Type.WITHDRAWAL,), "statuses": UNDER_WAY},
}
