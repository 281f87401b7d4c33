"""Pauses after wrong codes of a second factor, by account.

With the password known, of a million codes three are right at a time. A hundred guesses in a
quarter of an hour find one within a day in 3 of 100 cases. These pauses allow some 30, which find
one in 9 of 100,000.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User, WrongCodes
from paykassma_admin.database.request_transaction import commit

FREE = 5  # wrong codes that are taken without a pause
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]

# Committed before the code is tried, so that those that are sent at once are counted one by one.
COUNT_UP = """
    insert into accounts_wrongcodes as kept (user_id, count) values (%(user)s, 1)
    on conflict (user_id) do update set count = kept.count + 1, paused_until = case
        when kept.count + 1 >= %(free)s then
            %(now)s + (%(pauses)s::interval[])[least(kept.count + 2 - %(free)s, %(longest)s)]
        end
    where kept.paused_until is null or kept.paused_until <= %(now)s
    returning count
"""


class CodesPaused(Exception):
    """Codes of the account are not tried until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def count_code(user: User) -> None:
    """Count a code as wrong before it is tried; `forget_wrong_codes` takes it back.

    Raise CodesPaused.
    """
    with connection.cursor() as cursor:
        known: dict[str, Any] = {"user": user.pk, "now": timezone.now(), "free": FREE}
        cursor.execute(COUNT_UP, known | {"pauses": PAUSES, "longest": len(PAUSES)})
        is_counted = cursor.fetchone() is not None
    if not is_counted:
        raise CodesPaused(WrongCodes.objects.get(user=user).paused_until or timezone.now())
    commit()


def forget_wrong_codes(user: User) -> None:
    WrongCodes.objects.filter(user=user).delete()
