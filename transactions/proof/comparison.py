"""A total that a reader has seen, compared with what it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from paykassma_admin import formats
from paykassma_admin.values import money
from transactions.proof.seen import Seen, Sum, by_direction, sum_in
from transactions.query.changes import term_since
from transactions.selection import Selection
from transactions.totals.result import Totals
from wallets.rates import days_of_new_rates

MOST_DAYS = 3
PARTS = (gettext_lazy("pay-ins"), gettext_lazy("payouts"))


@dataclass(frozen=True)
class OtherDays:
    """A total seen under a period's name that means other days by now."""

    seen: Seen
    selection: Selection
    is_equal = False

    @property
    def address(self) -> str:
        return self.seen.address(self.selection)

    @property
    def sentence(self) -> str:
        return _(
            "The number that led here is of other days, %(days)s: %(was)s, seen on %(at)s."
        ) % {
            "days": formats.days(self.selection.period, self.selection.until),
            "was": seen_in_words(self.seen),
            "at": formats.moment(self.seen.at),
        }


@dataclass(frozen=True)
class Comparison:
    """A total, seen and now: one sum, or pay-ins and payouts."""

    seen: Seen
    now: tuple[Sum, ...]
    selection: Selection

    @property
    def moved_address(self) -> str:
        """Return the address of all rows of the list that moved, whatever its page."""
        return self._select_moved(self.selection).address

    @property
    def all_moved_address(self) -> str:
        """Return that of all rows of its days: some may have left the list."""
        own = self.selection
        days = Selection(client=own.client, period=own.period, currency=own.currency)
        return self._select_moved(days.replace(until=own.until)).address

    @property
    def has_other_rows(self) -> bool:
        pairs = zip(self.seen.sums, self.now, strict=True)
        return any(was.count != now.count for was, now in pairs)

    @cached_property
    def new_rates(self) -> str:
        """Return a sentence on the rates of the sum's currency that were recorded since then."""
        currency, period = self.seen.currency, self.selection.period
        days = days_of_new_rates(currency, self.seen.at, period.first, period.last)
        if not days:
            return ""
        named = ", ".join(map(formats.day, days[:MOST_DAYS])) + (", …" * (len(days) > MOST_DAYS))
        return _("Since then rates of %(currency)s were recorded for %(days)s.") % {
            "currency": currency,
            "days": named,
        }

    def _select_moved(self, selection: Selection) -> Selection:
        zone = selection.period.zone
        return selection.add_terms(term_since(self.seen.at, zone))

    @property
    def is_equal(self) -> bool:
        return all(is_same(*pair) for pair in zip(self.seen.sums, self.now, strict=True))

    @property
    def sentence(self) -> str:
        told = {"at": formats.moment(self.seen.at), "was": seen_in_words(self.seen)}
        if self.is_equal:
            return _("The same as the number that led here, seen on %(at)s: %(was)s.") % told
        return _(
            "The number that led here, seen on %(at)s, has moved: it was %(was)s. Since then:"
            " %(more)s."
        ) % {**told, "more": "; ".join(self._moves())}

    def _moves(self) -> Iterator[str]:
        parts = zip(names(self.seen.sums), self.seen.sums, self.now, strict=True)
        for name, was, now in parts:
            if not is_same(was, now):
                yield part_words(name, move_in_words(was, now, self.seen.currency))


def compare(seen: Seen, totals: Totals, selection: Selection) -> Comparison:
    parts = [totals] if len(seen.sums) == 1 else by_direction(totals)
    return Comparison(seen, tuple(sum_in(seen.currency, each) for each in parts), selection)


def is_same(was: Sum, now: Sum) -> bool:
    """Compare the digits that a link has."""
    return was.count == now.count and money.json_text(was.amount) == money.json_text(now.amount)


def names(sums: tuple[Sum, ...]) -> tuple[str | Promise, ...]:
    return ("",) if len(sums) == 1 else PARTS


def part_words(name: str | Promise, words: str) -> str:
    return f"{name} {words}" if name else words


def seen_in_words(seen: Seen) -> str:
    parts = zip(names(seen.sums), seen.sums, strict=True)
    own = [(name, each) for name, each in parts if each.count] or [("", seen.sums[0])]
    return "; ".join(part_words(name, sum_in_words(each, seen.currency)) for name, each in own)


def sum_in_words(own: Sum, currency: str) -> str:
    count = count_in_words(own.count)
    if not currency:
        return count
    if own.amount is None:
        return _("%(count)s, sum not known") % {"count": count}
    return f"{count}, {formats.money(own.amount, currency)}"


def move_in_words(was: Sum, now: Sum, currency: str) -> str:
    count = count_in_words(now.count - was.count, has_sign=True)
    if not currency or (was.amount is None and now.amount is None):
        return count
    if was.amount is None:
        known = {"count": count, "sum": formats.money(now.amount, currency)}
        return _("%(count)s; the sum, not known then, is now %(sum)s") % known
    if now.amount is None:
        return _("%(count)s; the sum is no longer known") % {"count": count}
    more = now.amount - was.amount
    return f"{count}, {'+' if more > 0 else ''}{formats.money(more, currency)}"


def count_in_words(count: int, *, has_sign: bool = False) -> str:
    shown = f"{'+' if has_sign and count > 0 else ''}{formats.number(count)}"
    words = ngettext("%(shown)s transaction", "%(shown)s transactions", abs(count))
    return words % {"shown": shown}
