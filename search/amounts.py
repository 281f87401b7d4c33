"""Amounts of the last seven days, as a payer names one: "4 750", "$500" or "4750 BDT 14:00"."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from babel.numbers import get_currency_symbol
from django.conf import settings
from django.utils.translation import gettext as _

from clients.models import Client
from paykassma_admin import formats
from paykassma_admin.periods import Period, today
from paykassma_admin.values import amounts
from paykassma_admin.values.amounts import BadAmount
from search.groups import Group, transaction_group
from transactions.query.face import choice_words
from transactions.selection import Selection

DAYS = timedelta(days=6)  # before today
PHONE_DIGITS = 5  # fewer are a part of any telephone number
CENTS = re.compile(r"\d[.,]\d{1,2}\s*$")
NUMBER_DIGITS = 10  # of a transaction, in most systems
HOUR = re.compile(r"(?P<amount>.*\S)\s+(?P<hour>[01]?[0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
MONEY = re.compile(r"(?P<before>[^\d\s]*)\s*(?P<amount>\d(?:.*\d)?)\s*(?P<after>[^\d\s]*)")


class Money(NamedTuple):
    amount: Decimal
    currency: str  # of arrival, or "" for any


def amount_group(selection: Selection | None) -> Iterator[Group]:
    if selection:
        group = transaction_group(amount_title(selection), selection)
        yield from [group] if group else []


def recent_amount(ever: Selection, text: str) -> Selection | None:
    """Return the transactions of the amount in the last seven days, in the hour if one is named."""
    clock = HOUR.fullmatch(text)
    money = read_money(ever.client, clock["amount"] if clock else text)
    if money is None:
        return None
    zone = ever.period.zone
    hour = int(clock["hour"]) if clock else None
    return ever.replace(
        period=Period(today(zone) - DAYS, today(zone), zone),
        arrival_currency=money.currency,
        amount_from=money.amount,
        amount_to=money.amount,
        hour_from=hour,
        hour_to=hour,
    )


def read_money(client: Client, text: str) -> Money | None:
    """Return an amount alone, or with a currency of the Client before or after it."""
    found = MONEY.fullmatch(text.strip())
    if not found or (found["before"] and found["after"]):
        return None
    mark = found["before"] or found["after"]
    currency = currency_marks(client).get(mark.casefold(), "") if mark else ""
    amount = read_amount(found["amount"])
    is_money = amount is not None and (currency or not mark)
    return Money(amount, currency) if is_money and amount is not None else None


def currency_marks(client: Client) -> dict[str, str]:
    """Return the codes of the Client's currencies and of USD by codes and signs."""
    codes = [code for code, _label in choice_words(client).codes("currency")]
    signs = {
        get_currency_symbol(code, locale=language).casefold(): code
        for code in reversed(codes)
        for language, _name in settings.LANGUAGES
    }
    return signs | {code.casefold(): code for code in codes}


def read_amount(text: str) -> Decimal | None:
    try:
        return amounts.parse(text)
    except BadAmount:
        return None


def is_only_amount(text: str) -> bool:
    """Return whether nobody means a part of a telephone number: it is short, or has cents."""
    is_short = sum(map(str.isdigit, text)) < PHONE_DIGITS
    return read_amount(text) is not None and (is_short or bool(CENTS.search(text)))


def may_mean_amount(text: str) -> bool:
    """Return whether it has digits, and not as many as the number of a transaction has."""
    return 0 < sum(map(str.isdigit, text)) < NUMBER_DIGITS


def amount_title(selection: Selection) -> str:
    title = _("Amount, the last 7 days")
    if selection.hour_from is not None:
        title = _("Amount, the last 7 days from %(hour)s:00 to %(hour)s:59") % {
            "hour": f"{selection.hour_from:02}"
        }
    currency = selection.arrival_currency
    return f"{title}, {currency}" if currency else title


def no_amount(selection: Selection) -> str:
    """Return a sentence that says of which amount there is none."""
    amount = formats.plain_amount(selection.amount_from or Decimal(0))
    words = {"amount": f"{amount} {selection.arrival_currency}".strip()}
    if selection.hour_from is None:
        return _("No transaction of the last 7 days has the amount %(amount)s.") % words
    return _(
        "No transaction of the last 7 days has the amount %(amount)s from %(hour)s:00 to"
        " %(hour)s:59."
    ) % (words | {"hour": f"{selection.hour_from:02}"})
