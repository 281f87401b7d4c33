"""Dashboard and list by the words of the requirements: row by row, the numbers in fractions.

Slow and plain on purpose, and with nothing of the product's own money, periods, rates, filters or
totals.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Row:
    id: int  # in the order of their recording
    number: str
    is_hers: bool  # not a stranger's
    payment_system: str
    wallet: str  # one of the payment system's
    direction: str
    type: str
    status: str
    amount: Decimal
    currency: str
    country: str
    usd_rate: Decimal | None
    logged_at: datetime
    label: str
    order_number: str
    counterparty: str


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


def is_in_progress(row):
    return row.type == "withdrawal" and row.status in ("pending", "processing")


# Parameter of the list's address → whether a row is what its value asks for.
CONDITIONS = {
    "payment_system": lambda row, codes: row.payment_system in codes,
    "wallet": lambda row, wallet: (row.payment_system, row.wallet) == wallet,
    "label": lambda row, text: is_named(row.label, text),
    "order_number": lambda row, text: is_named(row.order_number, text),
    "transaction_id": lambda row, text: is_named(row.number, text),
    "counterparty": lambda row, part: part.lower() in row.counterparty.lower(),
    "direction": lambda row, direction: row.direction == direction,
    "type": lambda row, types: row.type in types,
    "status": lambda row, activity: (activity == "active") == (row.status == "activated"),
    "state": lambda row, statuses: row.status in statuses,
    "country": lambda row, country: row.country == country,
    "arrival_currency": lambda row, currency: row.currency == currency,
    "amount_from": lambda row, least: row.amount >= Decimal(least),
    "amount_to": lambda row, most: row.amount <= Decimal(most),
}


def is_named(name, text):
    return name.startswith(text[:-1]) if text.endswith("*") else name == text


def is_asked_for(row, conditions):
    return all(
        is_met(row, conditions[name]) for name, is_met in CONDITIONS.items() if name in conditions
    )


def is_within(day, first, last):
    return (first is None or first <= day) and (last is None or day <= last)


def in_order(rows, sort=""):
    by_amount = sort.endswith("amount")
    is_falling = sort in ("", "-amount")
    return sorted(
        rows,
        key=lambda row: (row.amount if by_amount else row.logged_at, row.id),
        reverse=is_falling,
    )


def day_of(row, zone: ZoneInfo):
    return row.logged_at.astimezone(zone).date()


def hour_of(row, zone: ZoneInfo):
    return row.logged_at.astimezone(zone).hour


def amount_usd(row):
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


def apart(rows):
    found = defaultdict(list)
    for row in rows:
        found[row.currency, row.direction].append(row)
    return found


def sums_by_arrival(rows):
    return {key: (len(of), sum(row.amount for row in of)) for key, of in apart(rows).items()}


def first_shown(minute, zone):
    """Return the moment from which the clock has shown `minute`, by looking at it every minute."""
    wanted = datetime.fromisoformat(minute)
    moment = wanted.replace(tzinfo=UTC) - timedelta(hours=27)
    while moment.astimezone(zone).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=1)
    return moment
