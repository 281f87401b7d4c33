"""Rounding, places and conversion of amounts. Decimal only: no Django, no I/O."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache
from typing import overload

USD = "USD"
STORED_PLACES = 4
JSON_PLACES = 12
EXACT = Context(prec=60)

# ISO 4217, list one: currencies whose minor unit is not a hundredth.
PLACES = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def places(currency: str) -> int:
    return PLACES.get(currency, 2)


def exact_context() -> AbstractContextManager[Context]:
    """Return a context for sums of quotients: Python's default of 28 digits would round them."""
    return localcontext(EXACT)


def round_to(amount: Decimal, to_places: int) -> Decimal:
    [only] = round_all([amount], to_places)
    return only


def round_all(amounts: Iterable[Decimal], to_places: int) -> list[Decimal]:
    """Round half up, at any magnitude: the only rounding rule of this product."""
    quantum = unit(to_places)
    return [amount.quantize(quantum, ROUND_HALF_UP, EXACT) for amount in amounts]


@cache
def unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def quantize(amount: Decimal, currency: str) -> Decimal:
    return round_to(amount, places(currency))


def fits(amount: Decimal, currency: str) -> bool:
    return amount == quantize(amount, currency)


def convert_to_usd(amount: Decimal, usd_rate: Decimal) -> Decimal:
    """Return `amount_usd` of a transaction; a check constraint holds SQL to the same.

    Raise ValueError when the rate is not positive: zero would turn money into 0.00.
    """
    if usd_rate <= 0:
        raise ValueError(f"a rate is above zero, got {usd_rate}")
    with exact_context():
        return round_to(amount * usd_rate, STORED_PLACES)


def convert_from_usd(amount_usd: Decimal, usd_rate: Decimal) -> Decimal:
    """Return `amount_usd` in the currency that is worth `usd_rate` USD, unrounded."""
    if usd_rate <= 0:
        raise ValueError(f"a rate is above zero, got {usd_rate}")
    with exact_context():
        return amount_usd / usd_rate


def total(amounts: Iterable[Decimal]) -> Decimal:
    with exact_context():
        return sum(amounts, Decimal(0))


@overload
def json_number(amount: Decimal) -> Decimal: ...
@overload
def json_number(amount: None) -> None: ...
def json_number(amount: Decimal | None) -> Decimal | None:
    """The amount as JSON has it: all of its digits; one place at least, as a float has."""
    if amount is None:
        return None
    places = len(plain(amount).partition(".")[2])
    return round_to(amount, max(places, 1))


def plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def json_text(amount: Decimal | None) -> str | None:
    """Return a text for a browser, whose numbers have fifteen digits.

    A quotient has twelve places, cut and not rounded: it is rounded once, when it is shown.
    """
    if amount is None:
        return None
    return plain(cut(amount))


def cut(amount: Decimal) -> Decimal:
    return amount.quantize(unit(JSON_PLACES), ROUND_DOWN, EXACT)
