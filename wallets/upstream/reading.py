"""The upstream's answer, in the guide's format; whatever else comes is refused, never guessed."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from paykassma_admin.values import money

PLACES = 4  # of a percentage and of an amount, as they are stored
LARGEST = Decimal(10) ** 16
ALL_PERCENT = 100


class NotUnderstood(Exception):
    pass


@dataclass(frozen=True)
class Reading:
    is_available: bool
    balance: Decimal | None  # known, if the wallet is available
    commission: Decimal | None


def read_answer(body: bytes, currency: str) -> Reading:
    answer = parse(body)
    is_available = answer.get("status")
    if not isinstance(is_available, bool):
        raise NotUnderstood("status")
    balance = read_number(answer.get("balance"))
    if balance is None and is_available:
        raise NotUnderstood("balance")
    if balance is not None and not money.fits(balance, currency):
        raise NotUnderstood("balance")
    return Reading(is_available, balance, read_commission(answer.get("commission")))


def read_commission(value: object) -> Decimal | None:
    commission = read_number(value)
    if commission is not None and not 0 <= commission <= ALL_PERCENT:
        raise NotUnderstood("commission")
    return commission


def read_number(value: object) -> Decimal | None:
    """Return a number with the places that it can be stored with; a text is none."""
    if value is None:
        return None
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= LARGEST:
        raise NotUnderstood(value)
    if (value.adjusted() < -PLACES and value) or value != money.round_to(value, PLACES):
        raise NotUnderstood(value)
    return value


def parse(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(
            body.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=refuse_constant,
            object_pairs_hook=read_pairs,
        )
    except (ValueError, ArithmeticError, RecursionError):
        raise NotUnderstood("no JSON") from None
    if not isinstance(answer, dict):
        raise NotUnderstood("no object")
    return answer


def refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands there twice: which of the two balances would it be?"""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)
