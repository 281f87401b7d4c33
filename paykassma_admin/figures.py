"""Formatted numbers, as by Babel in a fiftieth of its time: it only provides the separators."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from html import escape

from babel import Locale
from django.utils import translation
from django.utils.safestring import SafeString

from paykassma_admin.values.money import places, round_all

MINUS = "\N{MINUS SIGN}"  # CLDR has a hyphen, at which a line may end
LONG = 15  # characters: what is longer may need more than one line


def figures(amounts: Iterable[Decimal], currency: str, language: str | None = None) -> list[str]:
    """Return amounts in the currency's places, without it; counts where it is "". Safe as HTML."""
    rounded = round_all(amounts, places(currency) if currency else 0)
    written = "\n".join(f"{amount:,f}" for amount in rounded)
    group, decimal = separators(language or current_language())
    apart = written.replace(",", "\0").replace(".", decimal).replace("-", MINUS)
    return apart.replace("\0", group).splitlines()


def is_long(figure: str) -> bool:
    return len(figure) > LONG


def breakable(figure: str, language: str | None = None) -> SafeString:
    """Return a number as HTML that may break after a whole group of digits."""
    group, _ = separators(language or current_language())
    return SafeString(figure.replace(group, f"{group}<wbr>"))


def current_language() -> str:
    return translation.get_language() or "ru"


@cache
def separators(language: str) -> tuple[str, str]:
    symbols = Locale.parse(language, sep="-").number_symbols["latn"]
    return escape(symbols["group"]), escape(symbols["decimal"])
