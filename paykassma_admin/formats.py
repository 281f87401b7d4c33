"""Formats of numbers, money, moments and names in the page's language.

Registered as template builtins in the settings.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent, get_currency_name, get_currency_symbol
from babel.units import format_unit
from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from paykassma_admin import periods
from paykassma_admin.figures import (
    MINUS,
    breakable,
    current_language,
    figures,
    is_long,
    separators,
)
from paykassma_admin.periods import Period
from paykassma_admin.values.money import cut, round_to

register = template.Library()

DASH = "—"


def locale() -> Locale:
    return babel_locale(current_language())


@cache
def babel_locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@register.filter
def number(count: int | None) -> str:
    return DASH if count is None else figure(Decimal(count), "")


@register.filter
def figure(amount: Decimal | None, currency: str, language: str | None = None) -> str:
    """Return the amount in its currency's places, without the currency: "1 250,00"."""
    if amount is None:
        return DASH
    if not isinstance(amount, Decimal):
        raise TypeError(f"money is Decimal, got {type(amount).__name__}")
    [written] = figures([amount], currency, language)
    return written


@register.filter
def money(amount: Decimal | None, currency: str, language: str | None = None) -> str:
    """Return an amount as in "1 250,00 INR"; none is a dash, not a zero."""
    if amount is None:
        return DASH
    return f"{figure(amount, currency, language)}\N{NO-BREAK SPACE}{currency}"


@register.filter
def amount_html(amount: Decimal | None, currency: str, language: str | None = None) -> SafeString:
    if amount is None:
        return SafeString(DASH)
    written, length, space = figure(amount, currency, language), "", "\N{NO-BREAK SPACE}"
    if is_long(written):
        written, length, space = breakable(written, language), " pk-long", " "
    return SafeString(
        f'<span class="pk-money{length}">{written}'
        f'<span class="pk-currency">{space}{escape(currency)}</span></span>'
    )


@register.filter
def rate(usd_rate: Decimal | None) -> str:
    return DASH if usd_rate is None else format_decimal(usd_rate, "0.##########", locale=locale())


@register.filter
def plain_amount(amount: Decimal) -> str:
    """Return an amount in a currency that is not known, in the places that it has: "4 750,5"."""
    return format_decimal(amount, decimal_quantization=False, locale=locale())


@register.filter
def exact(amount: Decimal | None, least: int) -> SafeString:
    """Return all digits, `least` places; a quotient without an end is cut, and ends in "…"."""
    if amount is None:
        return SafeString(DASH)
    short = cut(amount)
    group, decimal = separators(current_language())
    whole, _point, part = f"{abs(short):,f}".partition(".")
    part = f"{part}…" if short != amount else part.rstrip("0").ljust(least, "0")
    written = f"{whole.replace(',', group)}{decimal if part else ''}{part}"
    return SafeString(f"{MINUS if short < 0 else ''}{written}")


@register.filter
def percent(of_hundred: Decimal | None) -> str:
    """Return "1,5 %" for 1.5, with all its places."""
    if of_hundred is None:
        return _("not known")
    return format_percent(of_hundred / 100, decimal_quantization=False, locale=locale())


def change(ratio: Decimal) -> str:
    """Return a change as "+12,3 %" for 0.1234, with a sign unless it is rounded to none."""
    rounded = round_to(ratio * 100, 1)
    sign = "+" if rounded > 0 else MINUS * (rounded < 0)
    pattern = str(locale().percent_formats[None].pattern).replace("0", "0.0")
    return sign + str(format_percent(abs(rounded) / 100, pattern, locale=locale()))


@register.filter
def moment(at: datetime | None) -> str:
    """Return date and time in the active time zone, the Client's: "24.11.2026 14:02:51"."""
    [only] = moments([at])
    return only


def moments(ats: Iterable[datetime | None]) -> Iterator[str]:
    zone, language = timezone.get_current_timezone(), current_language()
    for at in ats:
        local = at and at.astimezone(zone)
        yield f"{format_day(local.date(), language)} {clock_time(local)}" if local else DASH


def clock_time(local: datetime, timespec: str = "seconds") -> str:
    """Return the time of a clock, with its offset where it is shown twice: "02:30:00 UTC+2"."""
    shown = local.time().isoformat(timespec)
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return shown
    return f"{shown}\N{NO-BREAK SPACE}{utc_offset(local)}"


@register.filter
def age(at: datetime) -> str:
    """Return how long ago a moment was: "2 часа"."""
    return str(timesince(at, depth=1))


@register.filter
def day(on: date | None) -> str:
    """Return "24.11.2026" or "24 Nov 2026": digits alone might be read as a month first."""
    return DASH if on is None else format_day(on, current_language())


@register.filter
def last_day(end: datetime | None) -> str:
    """Return "30.11.2026 inclusive" for the midnight after it, "until …" for another moment.

    It is another where the Client's time zone was changed since.
    """
    zone = ZoneInfo(timezone.get_current_timezone_name())
    if end is None:
        return DASH
    last = periods.last_day(end, zone)
    if Period(None, last, zone).end != end:
        return _("until %(moment)s") % {"moment": moment(end)}
    return _("%(day)s inclusive") % {"day": day(last)}


def slot(on: date) -> str:
    """Return a day, or the beginning of an hour: "24.11.2026, 09:00"."""
    return f"{day(on)}, {on:%H:%M}" if isinstance(on, datetime) else day(on)


@lru_cache(maxsize=1000)  # a list shows few days, and each of them often
def format_day(on: date, language: str) -> str:
    pattern = "dd.MM.yyyy" if language == "ru" else "d MMM yyyy"
    return format_date(on, pattern, locale=babel_locale(language))


@register.filter
def days(period: Period, until: datetime | None = None) -> str:
    """Return "17.11.2026 – 24.11.2026", a single day, or words for an open period.

    A minute of the same clock that rows are before ends it, where it does not end earlier.
    """
    if not until or (period.last and period.last < until.date()):
        return whole_days(period)
    if period.first and until.date() < period.first:
        return _("%(days)s, before %(time)s") % {"days": whole_days(period), "time": slot(until)}
    cut_days = whole_days(Period(period.first, until.date(), period.zone))
    return _("%(days)s, before %(time)s") % {"days": cut_days, "time": f"{until:%H:%M}"}


def whole_days(period: Period) -> str:
    if period.first and period.last:
        return first_and_last(period.first, period.last)
    if period.first:
        return _("from %(day)s on") % {"day": day(period.first)}
    return _("up to %(day)s") % {"day": day(period.last)} if period.last else _("all days")


def first_and_last(first: date, last: date) -> str:
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def month(on: date) -> str:
    """Return "ноябрь 2026"."""
    return f"{format_date(on, 'LLLL', locale=locale())} {on.year}"


UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@register.filter
def duration(time: timedelta) -> str:
    """Return the largest unit and the one below it: "2 hr 5 min"; "0 sec" of no time."""
    seconds, parts = abs(time) // timedelta(seconds=1), list[str]()
    for name, size in UNITS:
        count, seconds = divmod(seconds, size)
        if count or (name == "second" and not parts):
            parts.append(format_unit(count, name, "short", locale=locale()))
        elif parts:
            break
    return " ".join(parts[:2])


@register.filter
def country_name(code: str, language: str | None = None) -> str:
    return territory(code, language or current_language())


@lru_cache(maxsize=1000)
def territory(code: str, language: str) -> str:
    return str(babel_locale(language).territories.get(code, code))


@register.filter
def currency_choice(code: str) -> str:
    """Return "$ USD": the symbol, if there is one, and the code, which alone is exact."""
    symbol = get_currency_symbol(code, locale=babel_locale("en"))
    return code if symbol == code else f"{symbol} {code}"


@register.filter
def currency_name(code: str) -> str:
    return str(get_currency_name(code, locale=locale()))


@register.filter
def clock(at: datetime) -> str:
    return clock_time(timezone.localtime(at))


@register.filter
def iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


@register.filter
def zone_offset(zone: ZoneInfo) -> str:
    """Return the current offset of `zone` from UTC: "UTC+5:30"."""
    return utc_offset(timezone.now().astimezone(zone))


def utc_offset(local: datetime) -> str:
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    sign = MINUS if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"
