"""Lockout after wrong passwords, counted in the database.

Not django-axes: it looks before the password is tried and counts after, so that attempts sent at
once are all tried; docs/adr/0021.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.core.internal.ratelimit import truncate_ip
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import FailedSignIns
from audit.client_ip import client_ip
from paykassma_admin.database.request_transaction import commit

PAUSE = timedelta(minutes=15)
MAX_OF_LOGIN_AND_ADDRESS, MAX_OF_ADDRESS, MAX_OF_LOGIN = 5, 50, 100

MAX_LOGIN_LENGTH = 150
UNKNOWN = "unknown"  # address: "" would stand for any
STALE_AFTER = timedelta(days=1)
MAX_CLEANED = 1000

# Committed at once, before anything is tried: what is sent at the same time finds it counted.
# The pause begins with the last attempt that is taken; until then a window of that length counts,
# from its first wrong attempt: of a right one, taken back, a row with no count stays.
COUNT_UP = """
    insert into accounts_failedsignins as kept (login, address, count, since)
    values (%(login)s, %(address)s, 1, %(now)s), ('', %(address)s, 1, %(now)s),
        (%(login)s, '', 1, %(now)s)
    on conflict (login, address) do update set
        count = case when kept.since <= %(before)s then 1 else kept.count + 1 end,
        since = case
            when kept.since <= %(before)s or kept.count = 0 or kept.count + 1 >= case
                when kept.login = '' then %(from_an_address)s
                when kept.address = '' then %(of_a_login)s
                else %(of_both)s end
            then %(now)s else kept.since end
    returning login, address, count
"""


type Locks = QuerySet[FailedSignIns]


class LockedOut(Exception):
    """The login or the address is in a pause until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass
class Attempt:
    """An attempt, counted as wrong from its beginning; `succeed` takes it back."""

    login: str
    address: str

    @classmethod
    def begin(cls, request: HttpRequest, login: str) -> "Attempt":
        """Count an attempt, whether or not the login exists. Raise LockedOut."""
        attempt = cls(normalize_login(login), client_network(request))
        now = timezone.now()
        until = attempt.locked_until(now)
        if until or attempt.count_up(now):
            raise LockedOut(until or now + PAUSE)
        commit()
        return attempt

    @property
    def rows(self) -> Q:
        of_login = Q(login=self.login, address__in=["", self.address])
        return of_login | Q(login="", address=self.address)

    def locked_until(self, now: datetime) -> datetime | None:
        """Return the end of the last of its pauses: all have to be over."""
        locked = FailedSignIns.objects.filter(self.rows & lock_condition(now))
        since: datetime | None = locked.aggregate(Max("since"))["since__max"]
        return since + PAUSE if since else None

    def count_up(self, now: datetime) -> bool:
        """Return whether the limit is exceeded, by attempts counted meanwhile."""
        with connection.cursor() as cursor:
            cursor.execute(
                COUNT_UP,
                {
                    "login": self.login,
                    "address": self.address,
                    "now": now,
                    "before": now - PAUSE,
                    "of_both": MAX_OF_LOGIN_AND_ADDRESS,
                    "from_an_address": MAX_OF_ADDRESS,
                    "of_a_login": MAX_OF_LOGIN,
                },
            )
            return any(
                count > attempt_limit(login, address) for login, address, count in cursor.fetchall()
            )

    def succeed(self) -> None:
        counted = FailedSignIns.objects.filter(pk__in=lock_rows(self.rows), count__gt=0)
        counted.update(count=F("count") - 1)
        commit()


def lock_rows(rows: Q) -> list[int]:
    """Lock rows in the order in which attempts are counted, to avoid deadlocks."""
    wide = [ExpressionWrapper(Q(**{name: ""}), BooleanField()) for name in ("address", "login")]
    in_order = FailedSignIns.objects.filter(rows).order_by(*wide)
    return list(in_order.select_for_update().values_list("pk", flat=True))


def attempt_limit(login: str, address: str) -> int:
    if login and address:
        return MAX_OF_LOGIN_AND_ADDRESS
    return MAX_OF_LOGIN if login else MAX_OF_ADDRESS


def has_reached_limit(failed: FailedSignIns) -> bool:
    """Return whether `since` is the last attempt, with which the pause began."""
    return failed.count >= attempt_limit(failed.login, failed.address)


def lock_condition(now: datetime) -> Q:
    of_both = Q(count__gte=MAX_OF_LOGIN_AND_ADDRESS) & ~Q(login="") & ~Q(address="")
    of_one = Q(login="", count__gte=MAX_OF_ADDRESS) | Q(address="", count__gte=MAX_OF_LOGIN)
    return Q(since__gt=now - PAUSE) & (of_both | of_one)


def remove_locks(chosen: Sequence[FailedSignIns]) -> tuple[list[FailedSignIns], Locks]:
    """Remove all that locks the logins and addresses of the rows; return it, and what still does.

    An address stays locked to all others when a login is unlocked, and its logins when it is.
    """
    logins = {failed.login for failed in chosen} - {""}
    addresses = {failed.address for failed in chosen if not failed.login}
    ids = lock_rows(Q(login__in=logins) | Q(login="", address__in=addresses))
    theirs = FailedSignIns.objects.filter(pk__in=ids)
    tried = set(theirs.values_list("address", flat=True)) - {""}
    is_locked = lock_condition(timezone.now())
    removed = list(theirs.filter(is_locked))
    FailedSignIns.objects.filter(pk__in=[failed.pk for failed in removed]).delete()
    others = Q(login="", address__in=tried) | Q(address__in=addresses)
    return removed, FailedSignIns.objects.filter(is_locked & others)


def normalize_login(login: str) -> str:
    """Return the login in capitals, as the database compares it."""
    return login.upper()[:MAX_LOGIN_LENGTH]


def client_network(request: HttpRequest) -> str:
    """Return the address; of IPv6 the network, since one person has many addresses."""
    return str(truncate_ip(client_ip(request) or "")) or UNKNOWN


def clear_failures(request: HttpRequest, login: str) -> None:
    """Clear the login's failures after a sign-in.

    An address's count stays: signing in to one's own account must not clear it.
    """
    mistyped = Q(login=normalize_login(login), address__in=["", client_network(request)])
    FailedSignIns.objects.filter(pk__in=[*lock_rows(mistyped), *stale_rows()]).delete()


def stale_rows() -> QuerySet[FailedSignIns, int]:
    """Return some outdated rows, without those that other clean-ups hold."""
    old = FailedSignIns.objects.filter(since__lt=timezone.now() - STALE_AFTER)
    free = old.select_for_update(skip_locked=True)
    return free.values_list("pk", flat=True)[:MAX_CLEANED]
