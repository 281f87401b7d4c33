from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from devtools.demo.simulation.calendar import DAYS
from paykassma_admin.values.money import round_to
from wallets.models import ExchangeRate

# USD for one unit on the first day, and by how many hundredths of a percent a day may move it.
FIRST_RATES = {
    "INR": (Decimal("0.0119"), 25),
    "BDT": (Decimal("0.0082"), 15),
    "PKR": (Decimal("0.00355"), 20),
    "MMK": (Decimal("0.000476"), 90),
    "UGX": (Decimal("0.000272"), 45),
    "RUB": (Decimal("0.0125"), 110),
    "EUR": (Decimal("1.16"), 60),
}
# Not quoted for longer than a rate counts, so that some transactions stay unconverted.
UNQUOTED, UNQUOTED_DAYS_AGO = "MMK", range(20, 36)


def make_rates(today: date) -> None:
    ExchangeRate.objects.bulk_create(
        rate for currency in FIRST_RATES for rate in rates_of(currency, today)
    )


def rates_of(currency: str, today: date) -> Iterator[ExchangeRate]:
    random = Random(f"rates of {currency}")  # noqa: S311  # nothing secret
    usd_rate, most = FIRST_RATES[currency]
    for days_ago in range(DAYS + 7, -1, -1):
        usd_rate = round_to(usd_rate * (1 + Decimal(random.randint(-most, most)) / 10_000), 10)
        if currency != UNQUOTED or days_ago not in UNQUOTED_DAYS_AGO:
            day = today - timedelta(days=days_ago)
            yield ExchangeRate(
                currency=currency,
                day=day,
                usd_rate=usd_rate,
                source="demo",
                recorded_at=datetime.combine(day, time(), UTC),
            )
