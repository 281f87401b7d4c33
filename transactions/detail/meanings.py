"""The meaning of a transaction's state, and what to do about it."""

from dataclasses import dataclass
from enum import Enum, auto

from django.utils.functional import Promise

from transactions.detail import sentences
from transactions.models import Direction, Type
from wallets.statuses import Status


class Flow(Enum):
    """The kinds of movements that one status says different things of."""

    PAYMENT = auto()  # real, incoming
    FORCED = auto()  # incoming, credited by hand
    OUTGOING = auto()  # real or forced: money that leaves a wallet and is no payout
    WITHDRAWAL = auto()
    FAKE = auto()  # in either direction


@dataclass(frozen=True)
class Meaning:
    state: str | Promise
    advice: str | Promise


def flow_of(direction: str, type_: str) -> Flow:
    match type_, direction:
        case Type.FAKE, _direction:
            return Flow.FAKE
        case Type.WITHDRAWAL, _direction:
            return Flow.WITHDRAWAL
        case _type, Direction.OUTGOING:
            return Flow.OUTGOING
        case Type.FORCED, _direction:
            return Flow.FORCED
        case _:
            return Flow.PAYMENT


def meaning(*, direction: str, type_: str, status: str) -> Meaning:
    return Meaning(*MEANINGS[flow_of(direction, type_)][Status(status)])


MEANINGS: dict[Flow, sentences.Meanings] = {
    Flow.PAYMENT: sentences.PAYMENTS,
    Flow.FORCED: sentences.FORCED,
    Flow.OUTGOING: sentences.OUTGOING,
    Flow.WITHDRAWAL: sentences.WITHDRAWALS,
    Flow.FAKE: sentences.FAKES,
}
