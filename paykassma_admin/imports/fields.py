"""Typed values of imported texts. Each function returns the stored value or raises InvalidValue."""

import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from paykassma_admin.imports.batches import InvalidValue, shorten
from paykassma_admin.periods import DAY, end_of_tomorrow, today
from paykassma_admin.values import identifiers, money, names
from paykassma_admin.values.identifiers import BadIdentifier
from paykassma_admin.values.iso_codes import countries, country_fault, currencies, currency_fault

PLAIN_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?", re.ASCII)
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
    r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
)

LOST_DIGITS = re.compile(r"\.[0-9]{6}[0-9]*[1-9][0-9]*")  # PostgreSQL keeps microseconds
NEAR = timedelta(hours=20)  # shorter than a day and a clock change

IDENTIFIER_CHARACTERS = 190
AMOUNT_DIGITS = 16  # before the point: numeric(20,4)
RATE_DIGITS, RATE_PLACES = 10, 10  # numeric(20,10)
FIRST_YEAR, LAST_YEAR = 2000, 2099


def invalid_value(field: str, sentence: str, text: str) -> InvalidValue:
    return InvalidValue(field, sentence % {"value": shorten(text)})


def require_text(field: str, text: str) -> str:
    if not text:
        raise InvalidValue(field, _("is empty"))
    return text


def limit_length(field: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise InvalidValue(
            field,
            _("has %(length)s characters, at most %(longest)s are allowed")
            % {"length": len(text), "longest": longest},
        )
    return text


def name(field: str, text: str, longest: int) -> str:
    return limit_length(field, require_text(field, text), longest)


def identifier(field: str, text: str, longest: int = IDENTIFIER_CHARACTERS) -> str:
    try:
        return limit_length(field, identifiers.clean(text), longest)
    except BadIdentifier as error:
        raise InvalidValue(field, str(error)) from None


def known_number(field: str, text: str, longest: int = IDENTIFIER_CHARACTERS) -> str:
    try:
        return name(field, identifiers.clean(text, is_number=True), longest)
    except BadIdentifier as error:
        raise InvalidValue(field, str(error)) from None


def transaction_number(field: str, text: str, *, ignores_case: bool) -> str:
    number = known_number(field, text)
    return identifiers.uppercase(number) if ignores_case else number


def counterparty(field: str, text: str) -> str:
    try:
        return limit_length(field, names.clean(text), IDENTIFIER_CHARACTERS)
    except BadIdentifier as error:
        raise InvalidValue(field, str(error)) from None


def choice(field: str, text: str, allowed: Collection[str]) -> str:
    if require_text(field, text) not in allowed:
        raise InvalidValue(
            field,
            _("“%(value)s” is none of: %(allowed)s")
            % {"value": shorten(text), "allowed": ", ".join(allowed)},
        )
    return text


type Day = Callable[[], date]  # cutting a moment into days takes longer than all else here


def currency(field: str, text: str, on: Day) -> str:
    if require_text(field, text) not in currencies() and (fault := currency_fault(text, on())):
        raise InvalidValue(field, fault)
    return text


def country(field: str, text: str, on: Day) -> str:
    if require_text(field, text) not in countries() and (fault := country_fault(text, on())):
        raise InvalidValue(field, fault)
    return text


def number(field: str, text: str, *, digits: int, places: int, signed: bool = False) -> Decimal:
    """Return a number that its currency and column hold as it is: nothing is rounded."""
    match = PLAIN_NUMBER.fullmatch(require_text(field, text))
    if match is None or (match[1] and not signed):
        sentence = _("“%(value)s” is no plain number. Write digits and a point, as in “1234.50”.")
        raise invalid_value(field, sentence, text)
    if len(match[2].lstrip("0")) > digits:
        raise invalid_value(field, _("“%(value)s” is too large"), text)
    if len((match[3] or "").rstrip("0")) > places:
        raise InvalidValue(
            field,
            _("“%(value)s” has more than %(places)s places after the point")
            % {"value": shorten(text), "places": places},
        )
    return Decimal(text)


def positive(field: str, value: Decimal) -> Decimal:
    if value <= 0:
        raise InvalidValue(field, _("is not above zero"))
    return value


def amount(field: str, text: str, currency: str) -> Decimal:
    return positive(field, balance(field, text, currency, signed=False))


def balance(field: str, text: str, currency: str, *, signed: bool = True) -> Decimal:
    """Return an amount that may be zero, or below zero as an overdraft."""
    places = money.places(currency)
    return number(field, text, digits=AMOUNT_DIGITS, places=places, signed=signed)


def percent(field: str, text: str) -> Decimal:
    value = number(field, text, digits=3, places=4)
    if value > 100:
        raise invalid_value(field, _("“%(value)s” is above 100 percent"), text)
    return value


def usd_rate(field: str, text: str, currency: str) -> Decimal:
    rate = positive(field, number(field, text, digits=RATE_DIGITS, places=RATE_PLACES))
    if currency == money.USD and rate != 1:
        raise InvalidValue(field, _("must be 1 for USD"))
    return rate


def moment(field: str, text: str, zone: ZoneInfo) -> datetime:
    """Return a time in UTC; without an offset it is in `zone`, where it must exist once."""
    if not MOMENT.fullmatch(require_text(field, text)):
        raise invalid_time(field, text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise invalid_time(field, text) from None
    require_year(field, at)
    require_microseconds(field, text)
    known = at if at.tzinfo else unambiguous_moment(field, at, zone)
    at = known.astimezone(UTC)  # PostgreSQL knows fewer offsets than Python
    if is_future(at, zone):
        sentence = _("“%(value)s” is later than tomorrow. Write a time of tomorrow or earlier.")
        raise invalid_value(field, sentence, text)
    return at


def is_future(at: datetime, zone: ZoneInfo) -> bool:
    is_near = at - datetime.now(UTC) < NEAR  # most are, and the midnight takes ten times as long
    return not is_near and at >= end_of_tomorrow(zone)


def require_microseconds(field: str, text: str) -> None:
    if lost := LOST_DIGITS.search(text):
        sentence = _("“%(value)s” has %(digits)s digits after the second. Write six at most.")
        values = {"value": shorten(text), "digits": len(lost[0]) - 1}
        raise InvalidValue(field, sentence % values)


def invalid_time(field: str, text: str) -> InvalidValue:
    sentence = _("“%(value)s” is no time. Write it as in “2026-11-24T14:02:51+05:30”.")
    return invalid_value(field, sentence, text)


def unambiguous_moment(field: str, wall: datetime, zone: ZoneInfo) -> datetime:
    at = wall.replace(tzinfo=zone)
    if at.utcoffset() != at.replace(fold=1).utcoffset():
        sentence = _("%(value)s comes twice or never in %(zone)s. Write it with its offset.")
        raise InvalidValue(field, sentence % {"value": wall, "zone": zone.key})
    return at


def day(field: str, text: str) -> date:
    sentence = _("“%(value)s” is no date. Write it as in “2026-11-24”.")
    if not DAY.fullmatch(require_text(field, text)):
        raise invalid_value(field, sentence, text)
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise invalid_value(field, sentence, text) from None
    require_year(field, on)
    if is_future_day(on):
        sentence = _("“%(value)s” is later than tomorrow. Write tomorrow or an earlier day.")
        raise invalid_value(field, sentence, text)
    return on


def is_future_day(on: date) -> bool:
    """Return whether `on` is later than tomorrow in UTC: somewhere tomorrow has begun."""
    return on > today(ZoneInfo("UTC")) + timedelta(days=1)


def require_year(field: str, on: date) -> None:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise InvalidValue(
            field,
            _("its year %(year)s is not from %(first)s to %(last)s")
            % {"year": on.year, "first": FIRST_YEAR, "last": LAST_YEAR},
        )
