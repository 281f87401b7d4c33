"""Rates of currencies to USD, as the database's function `exchange_rate_on` defines them.

The newest rate whose day is not after the day asked for and at most seven days older counts,
for imports, `fill_rates` and display; USD is worth 1.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from wallets.models import ExchangeRate

VALID = timedelta(days=7)  # after its day


@dataclass(frozen=True)
class Rate:
    usd_rate: Decimal
    source: str
    day: date


def rate_at(currency: str, day: date) -> Rate | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select usd_rate, source, day from exchange_rate_on(%s, %s)", [currency, day]
        )
        row = cursor.fetchone()
    return Rate(*row) if row else None


def rated_periods(currency: str) -> list[tuple[date, date]]:
    """Return the first and last day of each run of days with a rate; USD has one on all days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select lower(days), upper(days) - 1 from unnest((select"
            " range_agg(daterange(day, day + 8)) from wallets_exchangerate where currency = %s))"
            " days",
            [currency],
        )
        runs: list[tuple[date, date]] = cursor.fetchall()
        return runs


def days_of_new_rates(
    currency: str, since: datetime, first: date | None, last: date | None
) -> list[date]:
    """Return the days whose rates were recorded since then and count in that period."""
    rates = ExchangeRate.objects.filter(currency=currency, recorded_at__gte=since)
    if first:
        rates = rates.filter(day__gte=first - VALID)
    if last:
        rates = rates.filter(day__lte=last)
    return sorted(set(rates.order_by().values_list("day", flat=True)))


def usd_rates(currency: str, days: list[date]) -> dict[date, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select wanted, rate.usd_rate from unnest(%s::date[]) wanted,"
            " lateral exchange_rate_on(%s, wanted) rate",
            [days, currency],
        )
        return dict(cursor.fetchall())


# A rate that is written the other way round, or by a thousand units, is off by more than this.
JUMP_FACTOR = 10


class Quote(NamedTuple):
    day: date
    usd_rate: Decimal


def nearest_rate(currency: str, day: date) -> Quote | None:
    """Return the last rate before `day`, or else the first one after it."""
    with connection.cursor() as cursor:
        cursor.execute("select day, usd_rate from nearest_exchange_rate(%s, %s)", [currency, day])
        row = cursor.fetchone()
    return Quote(*row) if row else None


def is_jump(usd_rate: Decimal, near: Quote | None) -> bool:
    if near is None:
        return False
    smaller, larger = sorted([usd_rate, near.usd_rate])
    return larger > smaller * JUMP_FACTOR


def jump_message(usd_rate: Decimal, near: Quote) -> str:
    sentence = _(
        "%(rate)s is more than ten times off the rate of %(day)s, %(other)s."
        " Write USD for one unit of the currency."
    )
    rate, other = (f"{each.normalize():f}" for each in (usd_rate, near.usd_rate))
    return sentence % {"rate": rate, "other": other, "day": near.day}
