"""Payment systems, their statuses, and daily rates, with a gap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from paykassma_admin.money import rounded
from wallets.models import ExchangeRate, PaymentSystem, PaymentSystemStatus
from wallets.statuses import Status

DAYS = 90
SEED = 20261124

STATUSES_OF_ALL = (Status.ACTIVATED, Status.NOT_ACTIVATED, Status.DECLINED)


@dataclass(frozen=True)
class System:
    """`usual` is a usual amount in its currency, `share` how often it is used."""

    code: str
    name: str
    currency: str
    country: str
    usual: int
    share: int
    is_online: bool = False
    is_active: bool = True


SYSTEMS = (
    System("upi_l", "UPI", "INR", "IN", usual=1_500, share=30),
    System("phone_pe", "PhonePe", "INR", "IN", usual=1_200, share=20),
    System("paytm", "Paytm", "INR", "IN", usual=900, share=12, is_online=True),
    System("bkash", "bKash", "BDT", "BD", usual=2_000, share=14),
    System("nagad", "Nagad", "BDT", "BD", usual=1_600, share=9),
    System("easypaisa", "Easypaisa", "PKR", "PK", usual=4_000, share=6, is_active=False),
    System("wavepay", "Wave Pay", "MMK", "MM", usual=40_000, share=5, is_online=True),
    # Serves several African countries; here it is Uganda, whose shilling has no cents.
    System("dusupay", "DusuPay", "UGX", "UG", usual=60_000, share=4, is_online=True),
)

# USD for one unit on the first day; from day to day it moves a little.
FIRST_RATES = {
    "INR": Decimal("0.0119"),
    "BDT": Decimal("0.0082"),
    "PKR": Decimal("0.00355"),
    "MMK": Decimal("0.000476"),
    "UGX": Decimal("0.000272"),
    "RUB": Decimal("0.0125"),
    "EUR": Decimal("1.16"),
}
# Not quoted for longer than a rate counts, so that some transactions stay unconverted.
UNQUOTED, UNQUOTED_DAYS_AGO = "MMK", range(20, 36)


def make_systems() -> dict[str, PaymentSystem]:
    made = PaymentSystem.objects.bulk_create(
        PaymentSystem(
            code=system.code,
            name=system.name,
            currency=system.currency,
            country=system.country,
            is_active=system.is_active,
        )
        for system in SYSTEMS
    )
    PaymentSystemStatus.objects.bulk_create(
        PaymentSystemStatus(payment_system=record, status=status)
        for system, record in zip(SYSTEMS, made, strict=True)
        for status in (Status if system.is_online else STATUSES_OF_ALL)
    )
    return {record.code: record for record in made}


def make_rates(today: date) -> None:
    ExchangeRate.objects.bulk_create(
        rate for currency in FIRST_RATES for rate in rates_of(currency, today)
    )


def rates_of(currency: str, today: date) -> Iterator[ExchangeRate]:
    random = Random(f"{SEED} {currency}")  # noqa: S311  # nothing secret
    usd_rate = FIRST_RATES[currency]
    for days_ago in range(DAYS + 7, -1, -1):
        usd_rate = rounded(usd_rate * (1 + Decimal(random.randint(-40, 40)) / 10_000), 10)
        if currency != UNQUOTED or days_ago not in UNQUOTED_DAYS_AGO:
            day = today - timedelta(days=days_ago)
            yield ExchangeRate(currency=currency, day=day, usd_rate=usd_rate, source="demo")
