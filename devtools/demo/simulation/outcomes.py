from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from devtools.demo.simulation.calendar import Calendar
from devtools.demo.simulation.market import System
from transactions.models import Type
from transactions.statuses import IN_PROGRESS
from wallets.statuses import Status

# By whether the payment system is online.
TYPES = (Type.REAL, Type.WITHDRAWAL, Type.FAKE, Type.FORCED)
SHARES = {False: (84, 10, 3, 3), True: (62, 34, 2, 2)}
ENDS = (
    Status.ACTIVATED,
    Status.DECLINED,
    Status.NOT_ACTIVATED,
    Status.FAILED,
    Status.CANCELLED,
)
PAY_INS_END = {False: (87, 5, 8, 0, 0), True: (82, 6, 2, 6, 4)}
WITHDRAWALS_END = {False: (96, 4, 0, 0, 0), True: (90, 4, 0, 4, 2)}
IN_PROGRESS_OF = {False: (Status.NOT_ACTIVATED,), True: IN_PROGRESS}
FAILURES = (Status.FAILED, Status.FAILED, Status.DECLINED)

MINUTES = {Type.REAL: 4, Type.FAKE: 1, Type.FORCED: 240}
MINUTES_OF_WITHDRAWAL = {False: 0, True: 400}  # of one that is not online we hear when it is done


@dataclass(frozen=True)
class Outcomes:
    calendar: Calendar
    random: Random

    def type_(self, system: System, at: datetime) -> Type:
        if self.calendar.fails(system, at):
            return Type.REAL
        return self.random.choices(TYPES, SHARES[system.is_online])[0]

    def end(self, system: System, type_: Type, at: datetime) -> tuple[Status, datetime]:
        settled_at = at + self.wait(system, type_)
        if self.calendar.fails(system, at):
            return self.random.choice(FAILURES), settled_at
        if type_ == Type.FORCED:
            return Status.ACTIVATED, min(settled_at, self.calendar.now)
        if settled_at > self.calendar.now:
            return self.random.choice(IN_PROGRESS_OF[system.is_online]), settled_at
        ends = WITHDRAWALS_END if type_ == Type.WITHDRAWAL else PAY_INS_END
        return self.random.choices(ENDS, ends[system.is_online])[0], settled_at

    def wait(self, system: System, type_: Type) -> timedelta:
        usual = MINUTES.get(type_) or MINUTES_OF_WITHDRAWAL[system.is_online]
        return timedelta(seconds=int(usual * 60 * self.random.lognormvariate(0, 1)))
