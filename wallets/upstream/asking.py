"""Asking of a source: one question at a time, none of an upstream that keeps failing.

What is being asked, and what came, are rows: all processes see them, and nothing is locked and no
connection held while an upstream takes its time.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from time import monotonic, sleep

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.record import Actor, truncate
from paykassma_admin.database.request_transaction import commit, pause_transaction
from wallets.models import Balance
from wallets.upstream.http import Reply, UpstreamFault, ask
from wallets.upstream.models import BODY_LENGTH, BalanceSource, UpstreamRequest
from wallets.upstream.outcomes import Outcome
from wallets.upstream.reading import NotUnderstood, Reading, read_answer
from wallets.upstream.secret import LostSecret

FRESH = timedelta(seconds=10)  # what came is the answer to those who ask in the meantime
ABANDONED = timedelta(seconds=20)  # the process that asked has died
FAILURES, REST = 5, timedelta(seconds=30)  # so many in a row: it is left alone so long
WAIT_SECONDS, POLL_SECONDS = 10, 0.1
MASK = "…".encode()


def refresh_balance(source: BalanceSource, *, by: Actor) -> None:
    """Ask the upstream and store its balance, or wait for who asks it already.

    Do nothing if it has just been asked, or rests after failures. What came is a row afterwards.
    """
    question = start(source, by)
    if question:
        with pause_transaction():
            outcome, reply, reading = question_upstream(source)
        finish(source, question, outcome, reply, reading)
        commit()
    else:
        wait_for_others(source)


def start(source: BalanceSource, by: Actor) -> UpstreamRequest | None:
    """Add the row of a question; return None if there is one already, or none is due."""
    end_abandoned(source)
    if not is_due(source):
        return None
    try:
        with transaction.atomic():
            question = add_question(source, by)
            if is_due(source):  # still: another may have ended between the look and the row
                return question
            transaction.set_rollback(True)
    except IntegrityError:
        pass
    return None


def add_question(source: BalanceSource, by: Actor) -> UpstreamRequest:
    return UpstreamRequest.unscoped.create(
        client_id=source.client_id,
        payment_system_id=source.payment_system_id,
        currency=source.currency,
        actor=truncate(by.name, 200),
        actor_kind=by.kind,
        asked_at=timezone.now(),
    )


def end_abandoned(source: BalanceSource) -> None:
    now = timezone.now()
    is_open = UpstreamRequest.objects.of_source(source).filter(ended_at=None)
    abandoned = is_open.filter(asked_at__lt=now - ABANDONED)
    abandoned.update(ended_at=now, outcome=Outcome.INTERRUPTED)


def is_due(source: BalanceSource) -> bool:
    now = timezone.now()
    ended = UpstreamRequest.objects.of_source(source).ended()
    last = list(ended.exclude(outcome=Outcome.INTERRUPTED)[:FAILURES])  # which says nothing of it
    if not last or last[0].ended_at is None:
        return True
    age = now - last[0].ended_at
    has_failed = len(last) == FAILURES and not any(each.is_answer for each in last)
    return age >= (REST if has_failed else FRESH)


def question_upstream(source: BalanceSource) -> tuple[Outcome, Reply, Reading | None]:
    try:
        secret = source.secret
        reply = ask(source.url, secret, source.payment_system.code)
    except LostSecret:
        return Outcome.NO_SECRET, Reply(), None
    except UpstreamFault as fault:
        return fault.outcome, mask(fault.reply, secret), None
    try:
        reading = read_answer(reply.body, source.currency)
    except NotUnderstood:
        return Outcome.NONSENSE, mask(reply, secret), None
    outcome = Outcome.ANSWERED if reading.is_available else Outcome.UNAVAILABLE
    return outcome, mask(reply, secret), reading


def mask(reply: Reply, secret: str) -> Reply:
    """Take out the secret, which an upstream's page of an error may repeat."""
    body = reply.body.replace(secret.encode(), MASK) if secret else reply.body
    return replace(reply, body=body)


def finish(
    source: BalanceSource,
    question: UpstreamRequest,
    outcome: Outcome,
    reply: Reply,
    reading: Reading | None,
) -> None:
    """Store what came, unless this took so long that another was asked instead."""
    now = timezone.now()
    own = UpstreamRequest.objects.of_source(source).filter(pk=question.pk, ended_at=None)
    is_ours = own.update(
        ended_at=now,
        outcome=outcome,
        http_status=reply.status,
        body=printable(reply.body),
        amount=reading and reading.balance,
        commission_percent=reading and reading.commission,
    )
    if is_ours and reading and reading.balance is not None:
        store_balance(source, reading.balance, reading.commission, at=now)


def store_balance(
    source: BalanceSource, amount: Decimal, commission: Decimal | None, *, at: datetime
) -> None:
    """Store it as one that is reported: it is the last known one from then on, everywhere."""
    balance = Balance(
        client_id=source.client_id,
        payment_system_id=source.payment_system_id,
        currency=source.currency,
        amount=amount,
        commission_percent=commission,
        as_of=at,
    )
    Balance.unscoped.bulk_create([balance], ignore_conflicts=True)


def printable(body: bytes) -> str:
    """Return the beginning, without what a column cannot hold or a terminal would obey."""
    text = body.decode("utf-8", "replace")[:BODY_LENGTH]
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def wait_for_others(source: BalanceSource) -> None:
    """Wait, without a connection, until what is being asked has ended, or long enough."""
    begin = monotonic()
    is_open = UpstreamRequest.objects.of_source(source).filter(ended_at=None)
    while is_open.exists() and monotonic() - begin < WAIT_SECONDS:
        with pause_transaction():
            sleep(POLL_SECONDS)
