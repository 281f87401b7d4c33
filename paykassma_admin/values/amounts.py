"""Reading of amounts as people type them: "4 750", "4,750.00", "4750,5". Decimal only."""

import re
from decimal import Decimal

SPACES = "[ \u00a0\u2009\u202f]"  # a formatted amount has any of them
PLAIN = re.compile(rf"\d+|\d{{1,3}}(?:{SPACES}\d{{2,3}})*{SPACES}\d{{3}}", re.ASCII)
IN_COMMAS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}", re.ASCII)
INTEGER_DIGITS = 16  # of numeric(20, 4)
PLACES = 4


class BadAmount(ValueError):
    """A text that is no amount, or that could be two different ones."""


def parse(text: str) -> Decimal:
    """Return the amount. Raise BadAmount; "1,250" is refused, it may be 1.25 or 1250."""
    whole, mark, places = text.strip().partition("." if "." in text else ",")
    is_grouped = mark == "." and IN_COMMAS.fullmatch(whole)
    if not (PLAIN.fullmatch(whole) or is_grouped) or not is_fraction(mark, places):
        raise BadAmount(text)
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    if len(digits) > INTEGER_DIGITS:
        raise BadAmount(text)
    return Decimal(f"{digits}.{places or 0}")


def is_fraction(mark: str, places: str) -> bool:
    if not mark:
        return True
    is_ambiguous = mark == "," and len(places) == 3
    return bool(re.fullmatch(rf"[0-9]{{1,{PLACES}}}", places)) and not is_ambiguous
