from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from accumulations.models import Accumulation, AccumulationEntry
from devtools.demo.copying import copy_rows
from devtools.demo.simulation.payments import Payment
from paykassma_admin.values import money
from transactions.models import Type
from wallets.statuses import Status

PARTS = 3
FORMED_AFTER = timedelta(hours=3)


def make_accumulations(payments: Iterable[Payment], *, slug: str, now: datetime) -> None:
    made = [
        (accumulation_of(parts, number=f"{slug[0].upper()}-{serial:05}"), parts)
        for serial, parts in enumerate(gather_parts(payments, before=now - timedelta(days=1)), 1)
    ]
    Accumulation.unscoped.bulk_create(accumulation for accumulation, _parts in made)
    copy_rows(
        AccumulationEntry,
        ("client_id", "accumulation_id", "transaction_id"),
        (
            (accumulation.client_id, accumulation.pk, part.id)
            for accumulation, parts in made
            for part in parts
        ),
    )


def gather_parts(payments: Iterable[Payment], *, before: datetime) -> Iterator[list[Payment]]:
    waiting: dict[tuple[int, str], list[Payment]] = defaultdict(list)
    for payment in payments:
        if not is_counted(payment) or payment.logged_at >= before:
            continue
        parts = waiting[payment.wallet.pk, payment.label]
        parts.append(payment)
        if len(parts) == PARTS:
            yield parts
            waiting[payment.wallet.pk, payment.label] = []


def is_counted(payment: Payment) -> bool:
    return payment.type == Type.REAL and payment.status == Status.ACTIVATED


def accumulation_of(parts: list[Payment], *, number: str) -> Accumulation:
    last = parts[-1]
    return Accumulation(
        client_id=last.wallet.client_id,
        wallet_id=last.wallet.pk,
        number=number,
        label=last.label,
        amount=money.total(part.amount for part in parts),
        currency=last.wallet.currency,
        formed_at=last.logged_at + FORMED_AFTER,
    )
