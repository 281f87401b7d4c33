"""Sums of active transactions, and what rows would add to them: for a trial, which stores none."""

from collections import Counter

from clients.models import Client
from paykassma_admin.periods import Period
from transactions.selection import Selection
from transactions.statuses import Activity
from transactions.totals.queries import period_groups

COUNT, AMOUNT = "count", "amount"

type Sums = Counter[tuple[str, ...]]  # by (currency, direction, COUNT or AMOUNT)


def active_sums(client: Client) -> Sums:
    """Return the sums of all days, in the currencies of arrival; amounts are Decimal."""
    days = Period(None, None, client.zone)
    selection = Selection(client=client, period=days, activity=Activity.ACTIVE)
    sums: Sums = Counter()
    for group in period_groups(selection):
        flow = group.currency, group.direction
        sums[*flow, COUNT] += group.count
        sums[*flow, AMOUNT] += sum(group.amounts)  # type: ignore[assignment]  # Decimals add up, too
    return sums


def effect_since(before: Sums, client: Client) -> Sums:
    after = active_sums(client)
    after.subtract(before)
    return after
