"""The day of a transaction's rate: a rate of the table belongs to a day, and has no clock time.

A row keeps the moment at which that day began for its Client then. In a time zone that the Client
was given since, the moment may lie on another day, so the day is looked up in the table.
"""

from datetime import UTC, date, datetime, time, timedelta

from paykassma_admin import formats
from paykassma_admin.periods import local_day
from transactions.models import Transaction
from wallets.models import ExchangeRate

FROM_A_FILE = "file"  # the source of a rate that its own row of an import gave, as of that row
# A day begins from 14 hours before it does in UTC, in Kiribati, until 12 hours after.
FIRST_HOUR, LAST_HOUR = timedelta(hours=10), timedelta(hours=12)
DAY = timedelta(days=1)


def rate_date(transaction: Transaction) -> str:
    """Return the day of a rate of the table, and the moment of another, as pages write them."""
    found = rate_day(transaction)
    return formats.day(found) if found else formats.moment(transaction.usd_rate_at)


def rate_day(transaction: Transaction) -> date | None:
    at, usd_rate = transaction.usd_rate_at, transaction.usd_rate
    is_own = transaction.usd_rate_source == FROM_A_FILE and at == transaction.logged_at
    if at is None or usd_rate is None or is_own:
        return None
    found = ExchangeRate.objects.filter(
        currency=transaction.currency,
        day__in=days_begun(at),
        usd_rate=usd_rate,
        source=transaction.usd_rate_source,
    )
    days = set(found.values_list("day", flat=True))
    here = local_day(at, transaction.client.zone)
    return here if here in days else min(days, default=None)


def days_begun(at: datetime) -> list[date]:
    """Return the days that begin at the moment in some time zone."""
    day = at.astimezone(UTC).date()
    past = at - datetime.combine(day, time(), UTC)
    return [*([day] if past <= LAST_HOUR else []), *([day + DAY] if past >= FIRST_HOUR else [])]
