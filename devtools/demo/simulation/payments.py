"""Payments, made up: the same at each run, up to now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from random import Random

from devtools.demo.simulation.amounts import amount_of_payment, payout
from devtools.demo.simulation.calendar import Calendar
from devtools.demo.simulation.market import System
from devtools.demo.simulation.numbers import TransactionNumbers
from devtools.demo.simulation.outcomes import Outcomes
from devtools.demo.simulation.payers import TESTER, Payer, Payers
from transactions.models import Direction, Type
from transactions.statuses import FINAL, IN_PROGRESS
from wallets.models import Wallet
from wallets.statuses import Status

REPORTED_ONCE = timedelta(minutes=8)  # when it is over sooner
IN_LINE, SOON = 4, timedelta(hours=1)
ORDERED = 0.9
PAID_TWICE, PAID_TWICE_WITHIN = 0.35, timedelta(hours=3)


@dataclass(slots=True)
class Payment:
    system: System
    wallet: Wallet
    number: str
    type: Type
    status: Status
    amount: Decimal
    counterparty: str
    logged_at: datetime
    settled_at: datetime  # in the future as long as it is under way
    label: str = ""
    order_number: str = ""
    forced_by: str | None = None
    forced_reason: str | None = None
    id: int = 0  # of the transaction, when it is stored

    @property
    def direction(self) -> Direction:
        return Direction.OUTGOING if self.type == Type.WITHDRAWAL else Direction.INCOMING

    @property
    def is_late(self) -> bool:
        """Whether it was recorded before it was settled: then its status has a history."""
        return self.settled_at - self.logged_at > REPORTED_ONCE

    @property
    def recorded_at(self) -> datetime:
        return self.logged_at if self.is_late or self.status not in FINAL else self.settled_at

    @property
    def activated_at(self) -> datetime | None:
        return self.settled_at if self.status == Status.ACTIVATED else None

    @property
    def forced_at(self) -> datetime | None:
        return self.settled_at if self.forced_by else None


class Payments:
    def __init__(
        self,
        wallets: Mapping[System, Sequence[Wallet]],
        *,
        slug: str,
        visitors: float,
        now: datetime,
    ) -> None:
        self.random = Random(f"payments of {slug}")  # noqa: S311  # nothing secret
        self.wallets = wallets
        self.calendar = Calendar(now)
        self.outcomes = Outcomes(self.calendar, self.random)
        self.payers = Payers(self.random, visitors=visitors)
        self.numbers = TransactionNumbers(self.random)
        self.claimed: dict[System, Payment] = {}  # the last one

    def make(self, count: int) -> list[Payment]:
        moments = self.calendar.moments(list(self.wallets), count, self.random)
        made = [self.payment(serial, system, at) for serial, (at, system) in enumerate(moments)]
        self.stand_in_line(made)
        return made

    def payment(self, serial: int, system: System, at: datetime) -> Payment:
        type_ = self.outcomes.type_(system, at)
        payer = TESTER if type_ == Type.FAKE else self.payers.next(system)
        status, settled_at = self.outcomes.end(system, type_, at)
        made = Payment(
            system=system,
            wallet=self.wallet(system),
            number=self.numbers.next(system, at),
            type=type_,
            status=status,
            amount=self.amount(system, type_, payer),
            counterparty=payer.counterparty,
            logged_at=at,
            settled_at=settled_at,
        )
        if status == Status.NOT_ACTIVATED and not system.is_online:
            self.repeat_claimed(made)  # and nobody has said who it is from
        else:
            self.claim(made, payer, serial)
        return made

    def stand_in_line(self, made: list[Payment]) -> None:
        """Withdrawals are paid out in turn: the last ones are under way, however few there are."""
        withdrawals = (p for p in reversed(made) if p.type == Type.WITHDRAWAL)
        last = islice((p for p in withdrawals if p.system.is_online), IN_LINE)
        for payment, status in zip(last, cycle(IN_PROGRESS), strict=False):
            payment.status = status
            payment.settled_at = self.calendar.now + SOON

    def wallet(self, system: System) -> Wallet:
        wallets = self.wallets[system]
        return wallets[int(self.random.random() ** 1.7 * len(wallets))]

    def amount(self, system: System, type_: Type, payer: Payer) -> Decimal:
        if type_ == Type.FAKE:
            return self.random.choice(payer.amounts)
        drawn = payout if type_ == Type.WITHDRAWAL else amount_of_payment
        return drawn(payer.amounts, system.country.currency, self.random)

    def repeat_claimed(self, made: Payment) -> None:
        """Some unclaimed money is a payment that was made twice, and claimed once."""
        last = self.claimed.get(made.system)
        if last is None or made.logged_at - last.logged_at > PAID_TWICE_WITHIN:
            return
        if self.random.random() < PAID_TWICE:
            made.wallet, made.amount = last.wallet, last.amount
            made.counterparty = last.counterparty

    def claim(self, made: Payment, payer: Payer, serial: int) -> None:
        made.label = payer.label
        if made.type != Type.FORCED and self.random.random() < ORDERED:
            made.order_number = payer.site.order_number(self.random, serial, made.logged_at)
        if made.type == Type.REAL:
            self.claimed[made.system] = made
