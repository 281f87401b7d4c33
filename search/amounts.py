"""Amounts of the last seven days, as a payer names one: "4 750", or "4750 14:00"."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from paykassma_admin.periods import Period, today
from paykassma_admin.values import amounts
from paykassma_admin.values.amounts import BadAmount
from search.groups import Group, transaction_group
from transactions.selection import Selection

DAYS = timedelta(days=6)  # before today
PHONE_DIGITS = 5  # fewer are a part of any telephone number
HOUR = re.compile(r"(?P<amount>.*\S)\s+(?P<hour>[01]?[0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def amount_group(ever: Selection, text: str) -> Iterator[Group]:
    if selection := recent_amount(ever, text):
        group = transaction_group(amount_title(selection), selection)
        yield from [group] if group else []


def recent_amount(ever: Selection, text: str) -> Selection | None:
    """Return the transactions of the amount in the last seven days, in the hour if one is named."""
    clock = HOUR.fullmatch(text)
    amount = read_amount(clock["amount"] if clock else text)
    if amount is None:
        return None
    zone = ever.period.zone
    hour = int(clock["hour"]) if clock else None
    return ever.replace(
        period=Period(today(zone) - DAYS, today(zone), zone),
        amount_from=amount,
        amount_to=amount,
        hour_from=hour,
        hour_to=hour,
    )


def read_amount(text: str) -> Decimal | None:
    try:
        return amounts.parse(text)
    except BadAmount:
        return None


def is_short_amount(text: str) -> bool:
    """Return whether it is an amount of so few digits that nobody means a telephone number."""
    return read_amount(text) is not None and sum(map(str.isdigit, text)) < PHONE_DIGITS


def amount_title(selection: Selection) -> str:
    if selection.hour_from is None:
        return _("Amount, the last 7 days")
    hour = f"{selection.hour_from:02}"
    return _("Amount, the last 7 days from %(hour)s:00 to %(hour)s:59") % {"hour": hour}
