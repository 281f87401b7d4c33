"""The Clients, their wallets, balances and payments, and the accumulations made of these."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models.functions import Coalesce

from accumulations.models import Accumulation, AccumulationEntry
from clients.actions import create_client
from clients.models import Client
from dashboard.demo.market import SYSTEMS, System
from dashboard.demo.payments import Payments
from paykassma_admin import money
from paykassma_admin.imports import Verdict
from transactions.imports import COLUMNS, import_transactions
from transactions.models import Direction, Transaction, Type
from wallets.models import Balance, PaymentSystem, Wallet

ACTOR = "demo"

PARTS = 3  # of an accumulation
NO_COMMISSION_KNOWN = "nagad"
NO_BALANCE_REPORTED = "wavepay"


@dataclass(frozen=True)
class Merchant:
    slug: str
    time_zone: str
    wallets: dict[str, int]  # how many, by payment system
    share: int  # of the transactions, in percent

    @property
    def numbers(self) -> dict[System, list[str]]:
        return {
            system: [f"{self.slug}-{system.code}-{n + 1}" for n in range(self.wallets[system.code])]
            for system in SYSTEMS
            if system.code in self.wallets
        }


MERCHANTS = (
    Merchant("alpha", "Asia/Kolkata", {s.code: 3 if s.share > 10 else 2 for s in SYSTEMS}, 70),
    Merchant("beta", "Europe/Moscow", {"upi_l": 2, "paytm": 1, "bkash": 2, "dusupay": 1}, 30),
)


def make_merchant(
    merchant: Merchant, systems: dict[str, PaymentSystem], *, transactions: int, now: datetime
) -> None:
    client = create_client(
        name=merchant.slug.title(),
        slug=merchant.slug,
        time_zone=merchant.time_zone,
        owner=merchant.slug,
        password=f"{merchant.slug}-demo-password",
    )
    make_wallets(client, merchant, systems)
    make_balances(client, merchant, systems, now)
    payments = Payments(merchant.numbers, zone=client.zone, now=now)
    rows = payments.rows(transactions * merchant.share // 100)
    import_rows(client, payments.earlier(rows))
    import_rows(client, rows)
    explain_forced(client, by=merchant.slug)
    make_accumulations(client, now)


def make_wallets(client: Client, merchant: Merchant, systems: dict[str, PaymentSystem]) -> None:
    Wallet.objects.bulk_create(
        Wallet(
            client=client,
            payment_system=systems[system.code],
            number=number,
            name=f"{system.name} {serial}",
            currency=system.currency,
            country=system.country,
        )
        for system, numbers in merchant.numbers.items()
        for serial, number in enumerate(numbers, 1)
    )


def make_balances(
    client: Client, merchant: Merchant, systems: dict[str, PaymentSystem], now: datetime
) -> None:
    as_of = now.replace(minute=0, second=0, microsecond=0)
    Balance.objects.bulk_create(
        Balance(
            client=client,
            payment_system=systems[system.code],
            currency=system.currency,
            amount=system.usual * 823 + days_ago * 1_000,
            commission_percent=None if system.code == NO_COMMISSION_KNOWN else Decimal("1.5"),
            as_of=as_of - timedelta(days=days_ago),
        )
        for system in merchant.numbers
        if system.code != NO_BALANCE_REPORTED
        for days_ago in range(7)
    )


def import_rows(client: Client, rows: Iterable[dict[str, str]]) -> None:
    records = (
        (line, [row.get(name, "") for name in COLUMNS.names]) for line, row in enumerate(rows, 1)
    )
    for report in import_transactions(records, client=client, actor=ACTOR):
        if report.verdicts[Verdict.REFUSED]:
            raise AssertionError(f"a demo row was refused: {report.refusals[0]}")


def explain_forced(client: Client, *, by: str) -> None:
    Transaction.objects.for_client(client).filter(type=Type.FORCED).update(
        forced_by=by,
        forced_at=Coalesce("activated_at", "logged_at"),
        forced_reason="Плательщик прислал чек",
    )


# Accumulations


def make_accumulations(client: Client, now: datetime) -> None:
    """Of the money that one payer brought to a wallet, but for that of the last day."""
    made = [
        (accumulation, parts)
        for serial, parts in enumerate(gathered(client, before=now - timedelta(days=1)), 1)
        if (accumulation := accumulation_of(parts, number=f"{client.slug[0].upper()}-{serial:05}"))
    ]
    Accumulation.objects.bulk_create(accumulation for accumulation, _parts in made)
    AccumulationEntry.objects.bulk_create(
        AccumulationEntry(client=client, accumulation=accumulation, transaction=part)
        for accumulation, parts in made
        for part in parts
    )


def gathered(client: Client, *, before: datetime) -> Iterator[list[Transaction]]:
    """Real pay-ins of one label on one wallet, as soon as there are enough of them."""
    waiting: dict[tuple[int, str], list[Transaction]] = defaultdict(list)
    counted = (
        Transaction.objects.for_client(client)
        .activated()
        .filter(type=Type.REAL, direction=Direction.INCOMING, logged_at__lt=before)
    )
    for transaction in counted.exclude(label="").order_by("logged_at", "id"):
        parts = waiting[transaction.wallet_id, transaction.label]
        parts.append(transaction)
        if len(parts) == PARTS:
            yield parts
            waiting[transaction.wallet_id, transaction.label] = []


def accumulation_of(parts: list[Transaction], *, number: str) -> Accumulation:
    last = parts[-1]
    return Accumulation(
        client_id=last.client_id,
        wallet_id=last.wallet_id,
        number=number,
        label=last.label,
        amount=money.total(part.amount for part in parts),
        currency=last.currency,
        formed_at=last.logged_at + timedelta(hours=3),
    )
