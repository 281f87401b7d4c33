"""Rates of currencies to USD. The rule itself is the database's function `exchange_rate_on`.

One place for imports, `fill_rates` and display: the newest rate whose day is not after the day
asked for and at most seven days older; USD is worth 1.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection


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


def usd_rates(currency: str, days: list[date]) -> dict[date, Decimal]:
    """The rate of each of `days` that has one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select wanted, rate.usd_rate from unnest(%s::date[]) wanted,"
            " lateral exchange_rate_on(%s, wanted) rate",
            [days, currency],
        )
        return dict(cursor.fetchall())
