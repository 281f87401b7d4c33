"""What a reader saw of a total, kept in the link that leads to its rows.

It is signed, with the conditions of the rows: an address that somebody changed tells nothing.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paykassma_admin import formats
from paykassma_admin.lists.filters import DAYS
from paykassma_admin.lists.quick_periods import find_quick_period
from paykassma_admin.periods import local_day
from paykassma_admin.values import money
from transactions.selection import Selection
from transactions.totals.result import Totals

PARAMETER = "seen"
SALT = "transactions.proof.seen"
SIGNATURE_CHARACTERS = 16  # of six bits each
UNKNOWN = "-"


@dataclass(frozen=True)
class Seen:
    count: int
    amount: Decimal | None  # unrounded; None where nothing could be converted
    currency: str  # of the amount; "" where only the count was shown
    at: datetime  # to the millisecond

    def sign(self, selection: Selection) -> str:
        amount = money.json_text(self.amount) or UNKNOWN
        told = f"{self.count}~{amount}~{self.currency}~{int(self.at.timestamp() * 1000)}"
        return f"{told}~{signature(selection, told)}"


def seen_address(
    selection: Selection, count: int, amount: Decimal | None = None, currency: str = ""
) -> str:
    """Return the selection's address with what its reader sees now."""
    seen = Seen(count, amount, currency, timezone.now())
    return f"{selection.address}&{urlencode({PARAMETER: seen.sign(selection)})}"


def total_address(selection: Selection, totals: Totals) -> str:
    """Return it with a list's total; pay-ins and payouts together have a count alone."""
    directions = totals.by_direction()
    if len(directions) != 1:
        return seen_address(selection, totals.count)
    [total] = directions
    return seen_address(selection, total.count, total.known_amount, total.currency)


def relative_address(address: str, selection: Selection, name: str) -> str:
    """Return an address of the selection with the name of its days instead of their dates."""
    return address.replace(selection.days_query, urlencode({DAYS: name}), 1)


def read_seen(text: str, selection: Selection) -> Seen | None:
    """Return what was seen of exactly these rows; None for a text that was not signed for them."""
    told, _mark, signed = text.rpartition("~")
    if not signed or not constant_time_compare(signed, signature(selection, told)):
        return None
    return parse_seen(told)


def parse_seen(told: str) -> Seen:
    count, amount, currency, at = told.split("~")
    known = None if amount == UNKNOWN else Decimal(amount)
    return Seen(int(count), known, currency, datetime.fromtimestamp(int(at) / 1000, UTC))


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


@dataclass(frozen=True)
class OtherDays:
    """What was seen under a period's name that means other days by now."""

    seen: Seen
    selection: Selection
    is_equal = False

    @property
    def address(self) -> str:
        return f"{self.selection.address}&{urlencode({PARAMETER: self.seen.sign(self.selection)})}"

    @property
    def sentence(self) -> str:
        return _(
            "The number that led here is of other days, %(days)s: %(was)s, seen on %(at)s."
        ) % {
            "days": formats.days(self.selection.period),
            "was": in_words(self.seen.count, self.seen.amount, self.seen.currency),
            "at": formats.moment(self.seen.at),
        }


@dataclass(frozen=True)
class Comparison:
    """What was seen beside what is so now."""

    seen: Seen
    count: int
    amount: Decimal | None

    @property
    def is_equal(self) -> bool:
        return self.count == self.seen.count and same(self.amount, self.seen.amount)

    @property
    def sentence(self) -> str:
        seen = self.seen
        at, was = formats.moment(seen.at), in_words(seen.count, seen.amount, seen.currency)
        if self.is_equal:
            return _("The same as the number that led here, seen on %(at)s: %(was)s.") % {
                "at": at,
                "was": was,
            }
        count, amount = self.count - seen.count, self._more_amount()
        return _(
            "The number that led here, seen on %(at)s, has moved: it was %(was)s. Since then:"
            " %(more)s. Rows of this page that moved are marked."
        ) % {"at": at, "was": was, "more": in_words(count, amount, seen.currency, has_sign=True)}

    def _more_amount(self) -> Decimal | None:
        """Return None where one of the two is unknown."""
        if self.amount is None or self.seen.amount is None:
            return None
        return self.amount - self.seen.amount


def in_words(count: int, amount: Decimal | None, currency: str, *, has_sign: bool = False) -> str:
    sign = "+" if has_sign and count > 0 else ""
    shown = f"{sign}{formats.number(count)}"
    words = ngettext("%(shown)s transaction", "%(shown)s transactions", count)
    parts = [words % {"shown": shown}]
    if currency:
        sign = "+" if has_sign and amount and amount > 0 else ""
        parts.append(f"{sign}{formats.money(amount, currency)}")
    return ", ".join(parts)


def same(now: Decimal | None, before: Decimal | None) -> bool:
    """Compare the digits that a link has."""
    return money.json_text(now) == money.json_text(before)


def compare(seen: Seen, totals: Totals) -> Comparison:
    amount = amount_in(seen.currency, totals) if seen.currency else None
    return Comparison(seen, totals.count, amount)


def amount_in(currency: str, totals: Totals) -> Decimal | None:
    """Return the converted sum; or, in detail, that of what arrived in the currency."""
    if currency == totals.currency:
        return totals.total().known_amount
    return totals.select_arrival_currency(currency).total().amount
