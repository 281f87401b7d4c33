"""Rows that a total does not count, so that its reader need not ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paykassma_admin.lists.counting import RowLimitExceeded
from transactions.selection import Selection
from transactions.statuses import Activity
from transactions.totals.kinds import Kind


@dataclass(frozen=True)
class LeftOut:
    label: str | Promise
    selection: Selection
    count: int
    is_exact: bool = True  # otherwise there are more, and they were not counted


FAKE = _("Fake: test records with no money behind them")
NOT_CREDITED = _("Inactive: nobody was credited")
NOT_MADE = _("Inactive: in progress, or not known to be paid out")
NOT_CONVERTED = _("Not converted: no rate is known, so they are counted and not summed")

INACTIVE: dict[str, Any] = {"activity": Activity.INACTIVE, "statuses": ()}


def left_out_rows(selection: Selection) -> Iterator[LeftOut]:
    for label, rest in neighbours(selection):
        found = count_rows(label, rest)
        if found.count:
            yield found


def count_rows(label: str | Promise, rest: Selection) -> LeftOut:
    """Count by precomputed totals; where conditions have none, from rows up to their bound."""
    if rest.has_precomputed_totals:
        return LeftOut(label, rest, rest.count())
    try:
        return LeftOut(label, rest, rest.period_totals().count)
    except RowLimitExceeded as error:
        return LeftOut(label, rest, error.most, is_exact=False)


def neighbours(selection: Selection) -> Iterator[tuple[str | Promise, Selection]]:
    if selection.converted is None:
        yield NOT_CONVERTED, selection.not_converted()
    # A wallet or a query leaves a sum of one kind.
    kind = selection.replace(wallet=None, terms="").kind
    if kind is Kind.PAY_IN:
        yield FAKE, selection.fakes()
        yield NOT_CREDITED, selection.replace(**INACTIVE)
    if kind is Kind.WITHDRAWAL:
        yield NOT_MADE, selection.replace(**INACTIVE)
