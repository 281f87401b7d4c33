from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from devtools.demo.simulation.amounts import HABITS
from devtools.demo.simulation.market import System
from paykassma_admin.values import money
from wallets.models import Balance, Wallet

DAYS = 7
NOT_REPORTED = "wavepay"


def make_balances(wallets: dict[System, list[Wallet]], now: datetime) -> None:
    Balance.unscoped.bulk_create(
        balance
        for system, [wallet, *_others] in wallets.items()
        if system.code != NOT_REPORTED
        for balance in balances_of(system, wallet, now)
    )


def balances_of(system: System, wallet: Wallet, now: datetime) -> Iterator[Balance]:
    random = Random(f"balance of {wallet.number}")  # noqa: S311  # nothing secret
    amount = Decimal(HABITS[wallet.currency].largest * random.randint(4, 12))
    for days_ago in reversed(range(DAYS)):
        amount = money.quantize(amount * random.randint(85_000, 120_000) / 100_000, wallet.currency)
        yield Balance(
            client_id=wallet.client_id,
            payment_system=wallet.payment_system,
            currency=wallet.currency,
            amount=amount,
            commission_percent=system.commission,
            as_of=now.replace(minute=0, second=0, microsecond=0) - timedelta(days=days_ago),
        )
