"""A total as a reader saw it, kept in the link that leads to its rows.

It is signed, with the conditions of the rows: an address that somebody changed tells nothing.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from paykassma_admin.addresses import query_string
from paykassma_admin.lists.period_filters import DAYS
from paykassma_admin.lists.quick_periods import find_quick_period
from paykassma_admin.periods import local_day
from paykassma_admin.values import money
from transactions.models import Direction
from transactions.selection import Selection
from transactions.totals.result import Totals

PARAMETER = "seen"
SALT = "transactions.proof.seen"
SIGNATURE_CHARACTERS = 16  # of six bits each
UNKNOWN = "-"
DIRECTIONS = (Direction.INCOMING, Direction.OUTGOING)


@dataclass(frozen=True)
class Sum:
    count: int
    amount: Decimal | None  # unrounded; None where nothing could be converted, or no sum was shown


@dataclass(frozen=True)
class Seen:
    sums: tuple[Sum, ...]  # one; or, of a list of both DIRECTIONS, that of each
    currency: str  # of the amounts; "" where only the count was shown
    at: datetime  # to the millisecond

    def sign(self, selection: Selection) -> str:
        counts = "_".join(str(each.count) for each in self.sums)
        amounts = "_".join(money.json_text(each.amount) or UNKNOWN for each in self.sums)
        told = f"{counts}~{amounts}~{self.currency}~{int(self.at.timestamp() * 1000)}"
        return f"{told}~{signature(selection, told)}"

    def address(self, selection: Selection) -> str:
        return f"{selection.address}&{query_string([(PARAMETER, self.sign(selection))])}"


def seen_address(
    selection: Selection, count: int, amount: Decimal | None = None, currency: str = ""
) -> str:
    """Return the selection's address with what its reader sees now."""
    return Seen((Sum(count, amount),), currency, timezone.now()).address(selection)


def total_address(selection: Selection, totals: Totals) -> str:
    """Return it with a list's total, or with both where payouts could join pay-ins."""
    parts = [totals] if selection.direction else by_direction(totals)
    sums = tuple(sum_in(totals.currency, each) for each in parts)
    return Seen(sums, totals.currency, timezone.now()).address(selection)


def by_direction(totals: Totals) -> list[Totals]:
    return [totals.select_direction(direction) for direction in DIRECTIONS]


def sum_in(currency: str, totals: Totals) -> Sum:
    """Return the count and the converted sum; or, in detail, what arrived in the currency."""
    if not currency:
        return Sum(totals.count, None)
    if currency == totals.currency:
        return Sum(totals.count, totals.total().known_amount)
    return Sum(totals.count, totals.select_arrival_currency(currency).total().amount)


def relative_address(address: str, selection: Selection, name: str) -> str:
    """Return an address of the selection with the name of its days instead of their dates."""
    return address.replace(selection.days_query, query_string([(DAYS, name)]), 1)


def read_seen(text: str, selection: Selection) -> Seen | None:
    """Return what was seen of exactly these rows; None for a text that was not signed for them."""
    told, _mark, signed = text.rpartition("~")
    if not signed or not constant_time_compare(signed, signature(selection, told)):
        return None
    return parse_seen(told)


def parse_seen(told: str) -> Seen:
    counts, amounts, currency, at = told.split("~")
    pairs = zip(counts.split("_"), amounts.split("_"), strict=True)
    sums = tuple(Sum(int(n), None if each == UNKNOWN else Decimal(each)) for n, each in pairs)
    return Seen(sums, currency, datetime.fromtimestamp(int(at) / 1000, UTC))


def select_seen_days(text: str, selection: Selection, name: str) -> Selection | None:
    """Return the selection of the days that a period's name meant when the text was signed."""
    try:
        at = parse_seen(text.rpartition("~")[0]).at
    except (ArithmeticError, OSError, ValueError):  # nobody signed that
        return None
    then = find_quick_period(name, local_day(at, selection.period.zone))
    return selection.select_days(then.first, then.last) if then else None


def signature(selection: Selection, told: str) -> str:
    rows = selection.replace(sort="").query()
    digest = salted_hmac(SALT, f"{selection.client.pk} {rows} {told}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest)[:SIGNATURE_CHARACTERS].decode()
