"""How many wrong passwords and codes are taken before a pause: counted in the database.

Not django-axes: it looks before the password is tried and counts after, so that attempts sent at
once are all tried; docs/adr/0021.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.core.internal.ratelimit import truncate_ip
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import FailedSignIns
from audit.client_ip import client_ip
from paykassma_admin.database.request_transaction import commit

PAUSE = timedelta(minutes=15)
OF_BOTH, FROM_AN_ADDRESS, OF_A_LOGIN = 5, 50, 100

LONGEST_LOGIN = 150
UNKNOWN = "unknown"  # address: "" would stand for any
STALE_AFTER = timedelta(days=1)
MOST_CLEANED = 1000

# Committed at once, before anything is tried: what is sent at the same time finds it counted.
# The pause begins with the last attempt that is taken; until then a window of that length counts.
COUNT_UP = """
    insert into accounts_failedsignins as kept (login, address, count, since)
    values (%(login)s, %(address)s, 1, %(now)s), ('', %(address)s, 1, %(now)s),
        (%(login)s, '', 1, %(now)s)
    on conflict (login, address) do update set
        count = case when kept.since < %(before)s then 1 else kept.count + 1 end,
        since = case
            when kept.since < %(before)s or kept.count + 1 >= case
                when kept.login = '' then %(from_an_address)s
                when kept.address = '' then %(of_a_login)s
                else %(of_both)s end
            then %(now)s else kept.since end
    returning login, address, count
"""


class LockedOut(Exception):
    """Nothing more is tried of this login, or from this address, until the pause is over."""


@dataclass
class Attempt:
    """Counted as wrong from its beginning; `was_right` takes it back."""

    login: str
    address: str

    @classmethod
    def begin(cls, request: HttpRequest, login: str) -> "Attempt":
        """Raises LockedOut. Whether there is such a login makes no difference."""
        attempt = cls(capitals(login), network_of(request))
        now = timezone.now()
        if attempt.is_locked(now) or attempt.count_up(now):
            raise LockedOut
        commit()
        return attempt

    @property
    def rows(self) -> Q:
        of_login = Q(login=self.login, address__in=["", self.address])
        return of_login | Q(login="", address=self.address)

    def is_locked(self, now: datetime) -> bool:
        return FailedSignIns.objects.filter(self.rows & locked(now)).exists()

    def count_up(self, now: datetime) -> bool:
        """Whether that is more than are taken: others were counted while this one waited."""
        with connection.cursor() as cursor:
            cursor.execute(
                COUNT_UP,
                {
                    "login": self.login,
                    "address": self.address,
                    "now": now,
                    "before": now - PAUSE,
                    "of_both": OF_BOTH,
                    "from_an_address": FROM_AN_ADDRESS,
                    "of_a_login": OF_A_LOGIN,
                },
            )
            return any(count > most(login, address) for login, address, count in cursor.fetchall())

    def was_right(self) -> None:
        counted = FailedSignIns.objects.filter(pk__in=locked_in_order(self.rows), count__gt=0)
        counted.update(count=F("count") - 1)
        commit()


def locked_in_order(rows: Q) -> list[int]:
    """Lock rows in the order in which attempts are counted: else two would wait for each other."""
    wide = [ExpressionWrapper(Q(**{name: ""}), BooleanField()) for name in ("address", "login")]
    in_order = FailedSignIns.objects.filter(rows).order_by(*wide)
    return list(in_order.select_for_update().values_list("pk", flat=True))


def most(login: str, address: str) -> int:
    if login and address:
        return OF_BOTH
    return OF_A_LOGIN if login else FROM_AN_ADDRESS


def locked(now: datetime) -> Q:
    """Of rows, those whose pause is not over."""
    of_both = Q(count__gte=OF_BOTH) & ~Q(login="") & ~Q(address="")
    of_one = Q(login="", count__gte=FROM_AN_ADDRESS) | Q(address="", count__gte=OF_A_LOGIN)
    return Q(since__gte=now - PAUSE) & (of_both | of_one)


def capitals(login: str) -> str:
    """A login is the same in any case, and the database compares it in capitals."""
    return login.upper()[:LONGEST_LOGIN]


def network_of(request: HttpRequest) -> str:
    """An address; of IPv6 the network, since one person has as many addresses as he likes."""
    return str(truncate_ip(client_ip(request) or "")) or UNKNOWN


def forget(request: HttpRequest, login: str) -> None:
    """He has signed in whole: what was mistyped before counts no more. An address's count stays:
    it would else be cleared by signing in to an account of one's own."""
    mistyped = Q(login=capitals(login), address__in=["", network_of(request)])
    FailedSignIns.objects.filter(pk__in=[*locked_in_order(mistyped), *stale()]).delete()


def stale() -> QuerySet[FailedSignIns, int]:
    """Some of the rows that count no more, without those that others hold: they clean up, too."""
    old = FailedSignIns.objects.filter(since__lt=timezone.now() - STALE_AFTER)
    free = old.select_for_update(skip_locked=True)
    return free.values_list("pk", flat=True)[:MOST_CLEANED]
