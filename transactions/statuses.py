"""What a status means, and which may follow which: the one table of allowed moves."""

from wallets.statuses import Status

ACTIVE = Status.ACTIVATED
FINAL = frozenset({Status.ACTIVATED, Status.DECLINED, Status.FAILED, Status.CANCELLED})
UNDER_WAY = (Status.PENDING, Status.PROCESSING)

MOVES: dict[Status, frozenset[Status]] = {
    Status.NOT_ACTIVATED: frozenset(Status) - {Status.NOT_ACTIVATED},
    Status.PENDING: FINAL | {Status.PROCESSING},
    Status.PROCESSING: FINAL,
    **{status: frozenset() for status in FINAL},
}


def may_follow(later: Status, earlier: Status) -> bool:
    return later in MOVES[earlier]
