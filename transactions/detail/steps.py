"""The rows before and after one in the list that it was opened from: by its order's key."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from paykassma_admin.lists.counting import MAX_COUNTED_ROWS
from transactions.models import Transaction, TransactionQuerySet
from transactions.query.sorting import BY_AMOUNT, ORDERS
from transactions.selection import Selection

WALKED = 5_000  # rows, in search of one that meets what no index finds
SETS_NO_CONDITION = {"sort", "currency"}
HAS_AN_INDEX = {"label", "order_number", "transaction_id", "counterparty"}
BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Steps:
    previous: int | None  # keys of transactions
    following: int | None
    is_cut: bool = False  # one may be further than WALKED rows away, where it is not looked for


def steps(transaction: Transaction, selection: Selection) -> Steps:
    order = ORDERS[selection.sort]
    if selection.sort in BY_AMOUNT and has_too_many(selection):
        return Steps(None, None)
    back = tuple(reverse_order(field) for field in order)
    previous, following = (step(transaction, selection, each) for each in (back, order))
    is_cut = is_walked(selection) and (
        (previous is None and has_edge(transaction, selection, back))
        or (following is None and has_edge(transaction, selection, order))
    )
    return Steps(previous, following, is_cut)


def has_too_many(selection: Selection) -> bool:
    """Return whether the list has more rows than it sorts by amount."""
    return selection.rows().newest_first()[: MAX_COUNTED_ROWS + 1].count() > MAX_COUNTED_ROWS


def reverse_order(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def step(transaction: Transaction, selection: Selection, order: tuple[str, ...]) -> int | None:
    rows = beyond(selection.rows(), transaction, order).order_by(*order)
    if is_walked(selection):
        rows = rows.filter(limit(transaction, selection, order))
    return rows.values_list("pk", flat=True).first()


def beyond(
    rows: TransactionQuerySet, transaction: Transaction, order: tuple[str, ...]
) -> TransactionQuerySet:
    """Filter by what follows the row; the first condition is the index's."""
    (field, key), side = (each.removeprefix("-") for each in order), side_of(order)
    value = getattr(transaction, field)
    return rows.filter(
        Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"{key}__{side}": transaction.pk}),
        **{f"{field}__{side}e": value},
    )


def side_of(order: tuple[str, ...]) -> str:
    return "lt" if order[0].startswith("-") else "gt"


def is_walked(selection: Selection) -> bool:
    """Return whether rows are looked through in the order of time, for want of an index."""
    conditions = {each.parameter for each, _value in selection.conditions()} - SETS_NO_CONDITION
    return bool(conditions) and not conditions & HAS_AN_INDEX and selection.sort not in BY_AMOUNT


def limit(transaction: Transaction, selection: Selection, order: tuple[str, ...]) -> Q:
    far, side = (BEGINNING, "gte") if side_of(order) == "lt" else (END, "lte")
    within = Coalesce(Subquery(edge(transaction, selection, order)), far)
    return Q(**{f"logged_at__{side}": within})


def has_edge(transaction: Transaction, selection: Selection, order: tuple[str, ...]) -> bool:
    """Return whether the list's days go on beyond the rows that are looked through."""
    at, days = edge(transaction, selection, order).first(), selection.period
    return at is not None and (days.start or BEGINNING) <= at < (days.end or END)


def edge(transaction: Transaction, selection: Selection, order: tuple[str, ...]) -> Any:
    """Return the moment of the first row that is too far away, of any row."""
    every = Transaction.objects.for_client(selection.client)
    rows = beyond(every, transaction, order).order_by(*order)
    return rows.values_list("logged_at", flat=True)[WALKED : WALKED + 1]
