"""The numbers of the dashboard by the words of the requirements: row by row, in fractions.

Slow and plain on purpose, and with nothing of the product's own money, periods, rates or totals.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Row:
    is_hers: bool  # not a stranger's
    payment_system: str
    direction: str
    type: str
    status: str
    amount: Decimal
    currency: str
    country: str
    usd_rate: Decimal | None
    logged_at: datetime


@dataclass(frozen=True)
class Rate:
    currency: str
    day: date
    usd_rate: Decimal


@dataclass(frozen=True)
class Found:
    count: int
    amount: Fraction
    unconverted: int


def is_pay_in(row):
    counted = row.type in ("real", "forced")
    return row.direction == "incoming" and row.status == "activated" and counted


def is_fake(row):
    return row.direction == "incoming" and row.status == "activated" and row.type == "fake"


def is_withdrawal(row):
    return row.type == "withdrawal" and row.status == "activated"


def is_under_way(row):
    return row.type == "withdrawal" and row.status in ("pending", "processing")


def day_of(row, zone: ZoneInfo):
    return row.logged_at.astimezone(zone).date()


def amount_usd(row):
    """To four places, half up."""
    exact = Fraction(row.amount) * Fraction(row.usd_rate)
    return Fraction(floor(exact * 10_000 + Fraction(1, 2)), 10_000)


def rate_on(day, currency, rates):
    """The newest record of the newest day that is at most seven days older; or None."""
    if currency == "USD":
        return Fraction(1)
    near = [r for r in rates if r.currency == currency and 0 <= (day - r.day).days <= 7]
    newest = max((r.day for r in near), default=None)
    return next((Fraction(r.usd_rate) for r in reversed(near) if r.day == newest), None)


def found(rows, *, currency, rates, zone):
    """`rates` in the order of their recording."""
    amount, unconverted = Fraction(0), 0
    for row in rows:
        rate = rate_on(day_of(row, zone), currency, rates)
        if row.currency == currency:
            amount += Fraction(row.amount)
        elif row.usd_rate is None or rate is None:
            unconverted += 1
        else:
            amount += amount_usd(row) / rate
    return Found(len(rows), amount, unconverted)
