"""Addresses of the lists of what a transaction shares with others, over all days."""

from typing import NamedTuple

from paykassma_admin.values import identifiers, names
from transactions.filters import COUNTERPARTY_CHARACTERS
from transactions.models import Transaction
from transactions.selection import Selection


class Links(NamedTuple):
    wallet: str
    label: str  # "" where there is none, as below
    order_number: str
    counterparty: str


def links(transaction: Transaction, ever: Selection) -> Links:
    label = identifiers.escape(transaction.label)
    order_number = identifiers.escape(transaction.order_number)
    name = transaction.counterparty
    return Links(
        wallet=ever.replace(
            payment_systems=(transaction.payment_system.code,), wallet=transaction.wallet_id
        ).address,
        label=ever.replace(label=label).address if label else "",
        order_number=ever.replace(order_number=order_number).address if order_number else "",
        counterparty=ever.replace(counterparty=name).address if is_searchable(name) else "",
    )


def is_searchable(name: str) -> bool:
    return len(names.key(name)) >= COUNTERPARTY_CHARACTERS
