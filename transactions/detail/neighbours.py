"""Transactions near a given one: of about its amount, its counterparty, its label.

Each group is found by an index, and cut: it says that there are more, not how many.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paykassma_admin.figures import current_language
from paykassma_admin.formats import duration, moment
from paykassma_admin.periods import Period, local_day
from paykassma_admin.values import identifiers
from paykassma_admin.values.money import STORED_PLACES
from transactions import cells
from transactions.detail.links import is_searchable
from transactions.models import Transaction, TransactionQuerySet
from transactions.rows import TransactionRow, transaction_rows
from transactions.selection import Selection

SHOWN = 10
WITHIN = timedelta(hours=2)
TOLERANCE = Decimal("0.01")
DAYS = timedelta(days=30)  # of the Client, whole ones
SECOND = timedelta(seconds=1)


class Likeness(StrEnum):
    AMOUNT = "amount"
    COUNTERPARTY = "counterparty"
    LABEL = "label"


@dataclass(frozen=True)
class Neighbour:
    row: TransactionRow
    apart: timedelta

    @property
    def html(self) -> SafeString:
        """Return its item of the list, all texts escaped: a template's loop has thirty of them."""
        row, language = self.row, current_language()
        label = f' · <span class="pk-text">{escape(row.label)}</span>' if row.label else ""
        return SafeString(
            f'<li><a class="pk-text" href="{cells.detail_prefix()}{row.pk}/">'
            f"{escape(row.number)}</a>"
            f' <span class="pk-near-amount">{cells.amount(row, language)}</span>'
            f" {cells.status(row, language)}"
            f' <span class="pk-help">{moment(row.logged_at)} · {self.words}{label}</span></li>'
        )

    @property
    def words(self) -> str:
        if abs(self.apart) < SECOND:
            return _("at the same second")
        words = _("%(time)s later") if self.apart > timedelta() else _("%(time)s earlier")
        return escape(words % {"time": duration(self.apart)})


@dataclass(frozen=True)
class Group:
    likeness: Likeness
    shown: list[Neighbour]
    has_more: bool
    selection: Selection | None  # what the link to a list selects


def neighbours(transaction: Transaction, ever: Selection) -> list[Group]:
    """Return the groups that have rows. `ever` selects all rows of the Client."""
    found = (
        (likeness, transaction_rows(newest_others(rows, transaction)), selection)
        for likeness, rows, selection in queries(transaction, ever)
    )
    return [
        Group(likeness, first_neighbours(rows, transaction), len(rows) > SHOWN, selection)
        for likeness, rows, selection in found
        if rows
    ]


def newest_others(rows: TransactionQuerySet, transaction: Transaction) -> TransactionQuerySet:
    return rows.exclude(pk=transaction.pk).newest_first()[: SHOWN + 1]


def first_neighbours(rows: list[TransactionRow], transaction: Transaction) -> list[Neighbour]:
    return [Neighbour(row, row.logged_at - transaction.logged_at) for row in rows[:SHOWN]]


def queries(
    transaction: Transaction, ever: Selection
) -> Iterator[tuple[Likeness, TransactionQuerySet, Selection | None]]:
    zone, at = ever.period.zone, transaction.logged_at
    day = local_day(at, zone)
    least, most = amount_range(transaction)
    of_amount = ever.replace(
        arrival_currency=transaction.currency,
        amount_from=least,
        amount_to=most,
        period=Period(local_day(at - WITHIN, zone), local_day(at + WITHIN, zone), zone),
    )
    near = of_amount.rows().filter(logged_at__range=(at - WITHIN, at + WITHIN))
    yield Likeness.AMOUNT, near, of_amount
    if transaction.counterparty:
        month = ever.replace(period=Period(day - DAYS, day + DAYS, zone))
        same_name = month.rows().filter(counterparty_key=transaction.counterparty_key)
        is_searched = is_searchable(transaction.counterparty)
        by_name = month.replace(counterparty=transaction.counterparty)
        yield Likeness.COUNTERPARTY, same_name, by_name if is_searched else None
    if transaction.label:
        label = identifiers.escape(transaction.label)
        of_day = ever.replace(label=label, period=Period(day, day, zone))
        yield Likeness.LABEL, of_day.rows(), of_day


def amount_range(transaction: Transaction) -> tuple[Decimal, Decimal]:
    """Return the amount ± 1 %, in the places that amounts are stored with."""
    off, unit = transaction.amount * TOLERANCE, Decimal(1).scaleb(-STORED_PLACES)
    least = (transaction.amount - off).quantize(unit, ROUND_CEILING)
    return least, (transaction.amount + off).quantize(unit, ROUND_FLOOR)
