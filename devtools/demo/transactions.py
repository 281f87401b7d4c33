from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from devtools.demo.copying import copy_rows
from devtools.demo.simulation.payments import Payment
from devtools.demo.sources import Place, make_sources
from paykassma_admin.periods import local_day, midnight
from paykassma_admin.values.money import convert_to_usd
from transactions.models import Transaction
from wallets.rates import Rate, rate_at

SAME_COLUMNS = (
    "number",
    "direction",
    "type",
    "status",
    "amount",
    "label",
    "order_number",
    "counterparty",
    "logged_at",
    "activated_at",
    "recorded_at",
    "forced_by",
    "forced_at",
    "forced_reason",
)
COLUMNS_OF_WALLET = {
    "client_id": "wallet.client_id",
    "wallet_id": "wallet.pk",
    "payment_system_id": "wallet.payment_system_id",
    "currency": "wallet.currency",
    "country": "wallet.country",
}
COLUMNS_OF_SOURCE = ("source_id", "source_row")
COLUMNS_OF_RATE = ("usd_rate", "amount_usd", "usd_rate_source", "usd_rate_at")


def make_transactions(payments: Sequence[Payment], zone: ZoneInfo) -> None:
    columns = (*SAME_COLUMNS, *COLUMNS_OF_WALLET, *COLUMNS_OF_SOURCE, *COLUMNS_OF_RATE)
    places = make_sources(payments, zone)
    ids = copy_rows(Transaction, columns, list(rows_of(payments, places, zone)))
    for payment, transaction_id in zip(payments, ids, strict=True):
        payment.id = transaction_id


def rows_of(
    payments: Iterable[Payment], places: Iterable[Place], zone: ZoneInfo
) -> Iterator[tuple[object, ...]]:
    values = attrgetter(*SAME_COLUMNS, *COLUMNS_OF_WALLET.values())
    rate_on = cache(rate_at)
    for payment, place in zip(payments, places, strict=True):
        day = local_day(payment.logged_at, zone)
        rate = rate_on(payment.wallet.currency, day)
        converted = convert(payment.amount, rate, zone) if rate else NOT_CONVERTED
        yield *values(payment), *place, *converted


NOT_CONVERTED = (None, None, None, None)


def convert(amount: Decimal, rate: Rate, zone: ZoneInfo) -> tuple[Decimal, Decimal, str, datetime]:
    as_of = midnight(rate.day, zone)
    return rate.usd_rate, convert_to_usd(amount, rate.usd_rate), rate.source, as_of
