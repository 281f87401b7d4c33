"""What a total does not count, so that its reader need not ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transactions.selection import Selection
from transactions.statuses import Activity
from transactions.totals.kinds import Kind


@dataclass(frozen=True)
class LeftOut:
    label: str | Promise
    selection: Selection
    count: int


FAKE = _("Fake: test records with no money behind them")
NOT_ACTIVATED = _("Not activated: nobody was credited")
NOT_MADE = _("In progress or not made: no money has left")
NOT_CONVERTED = _("Not converted: no rate is known, so they are counted and not summed")

INACTIVE: dict[str, Any] = {"activity": Activity.INACTIVE, "statuses": ()}


def left_out(selection: Selection) -> Iterator[LeftOut]:
    if not selection.has_precomputed_totals:
        return
    for label, rest in neighbours(selection):
        if count := rest.count():
            yield LeftOut(label, rest, count)


def neighbours(selection: Selection) -> Iterator[tuple[str | Promise, Selection]]:
    if selection.converted is None:
        yield NOT_CONVERTED, selection.not_converted()
    if selection.kind is Kind.PAY_IN:
        yield FAKE, selection.fakes()
        yield NOT_ACTIVATED, selection.replace(**INACTIVE)
    if selection.kind is Kind.WITHDRAWAL:
        yield NOT_MADE, selection.replace(**INACTIVE)
