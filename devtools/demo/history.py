"""The course of payments after they came, recorded as it would have been written at the time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from random import Random

from devtools.demo.copying import copy_rows
from devtools.demo.simulation.payments import Payment
from transactions.models import Change, ChangeField, Type
from transactions.statuses import FINAL
from wallets.statuses import Status

OPERATORS = ("olga", "rashid", "night.shift")
REASONS = (
    "Плательщик прислал чек, номер и сумма сверены с выпиской",
    "Плательщик ошибся в одной цифре номера транзакции",
    "Оплачено с чужого счёта, владелец подтвердил перевод",
    "Деньги пришли на соседний кошелёк",
    "Платёжная система не ответила вовремя, поступление видно в её кабинете",
    "Оплата двумя переводами, второй зачтён вручную",
    "Заявка истекла раньше, чем пришли деньги",
)


def explain_forced(payments: Iterable[Payment], *, owner: str) -> None:
    random = Random(f"forced of {owner}")  # noqa: S311  # nothing secret
    for payment in payments:
        if payment.type == Type.FORCED:
            payment.forced_by = random.choice((owner, *OPERATORS))
            payment.forced_reason = random.choice(REASONS)


def make_changes(payments: Iterable[Payment], now: datetime) -> None:
    changes = (
        (payment.wallet.client_id, payment.id, *change)
        for payment in payments
        if payment.is_late
        for change in changes_of(payment, now)
    )
    columns = ("client_id", "transaction_id", "field", "before", "after", "at", "actor")
    copy_rows(Change, columns, changes)


def changes_of(
    payment: Payment, now: datetime
) -> Iterator[tuple[ChangeField, str, str, datetime, str]]:
    """Return changes with from, to, moment and actor; spread evenly up to the end."""
    actor = payment.forced_by or f"callback {payment.system.code}"
    begun_at, ended_at = payment.recorded_at, min(payment.settled_at, now)
    moves = list(pairwise(statuses_of(payment)))
    parts = len(moves) if payment.status in FINAL else len(moves) + 1
    for number, (before, after) in enumerate(moves, 1):
        at = begun_at + (ended_at - begun_at) * number / parts
        yield ChangeField.STATUS, before, after, at, actor
    if payment.type == Type.FORCED:
        yield ChangeField.TYPE, Type.REAL, Type.FORCED, ended_at, actor


def statuses_of(payment: Payment) -> Iterator[Status]:
    if payment.status != Status.NOT_ACTIVATED:
        yield Status.PENDING if payment.system.is_online else Status.NOT_ACTIVATED
    if payment.type == Type.WITHDRAWAL and payment.status in FINAL:
        yield Status.PROCESSING
    if payment.status != Status.PENDING:
        yield payment.status
