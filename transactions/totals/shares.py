"""The sums of a list, and the parts of them that the dashboard's cards count or leave out.

All are added up from the same groups; each has the address of exactly its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from transactions.models import Direction
from transactions.statuses import Activity
from transactions.totals.kinds import KIND_CONDITIONS, NO_KIND, Kind
from transactions.totals.result import Total, Totals

COUNTED = frozenset({Kind.PAY_IN, Kind.WITHDRAWAL})
WORDS: dict[tuple[str, Kind], str | Promise] = {
    (Direction.INCOMING, Kind.PAY_IN): pgettext_lazy("sums", "counted in the cards"),
    (Direction.INCOMING, Kind.FAKE): pgettext_lazy("sums", "fake"),
    (Direction.INCOMING, Kind.OTHER): pgettext_lazy("sums", "inactive"),
    (Direction.OUTGOING, Kind.WITHDRAWAL): pgettext_lazy("sums", "paid out"),
    (Direction.OUTGOING, Kind.IN_PROGRESS): pgettext_lazy("sums", "in progress"),
    (Direction.OUTGOING, Kind.OTHER): pgettext_lazy("sums", "the rest"),
}


class Narrowable(Protocol):
    @property
    def direction(self) -> str: ...
    @property
    def types(self) -> tuple[str, ...]: ...
    @property
    def activity(self) -> str: ...
    @property
    def statuses(self) -> tuple[str, ...]: ...
    @property
    def address(self) -> str: ...
    def replace(self, **conditions: Any) -> Self: ...
    def add_terms(self, terms: str) -> Self: ...


@dataclass(frozen=True)
class Share:
    words: str | Promise
    total: Total
    address: str  # "" where no conditions say exactly these rows


@dataclass(frozen=True)
class Flow:
    """Pay-ins or payouts of a list in its currency."""

    total: Total
    address: str
    shares: list[Share]


def flows(selection: Narrowable, totals: Totals) -> Iterator[Flow]:
    for total in totals.by_direction():
        own = selection.replace(direction=total.direction)
        yield Flow(total, own.address, direction_shares(own, totals))


def direction_shares(selection: Narrowable, totals: Totals) -> list[Share]:
    """Return none where the whole is counted, or where it is not known what is."""
    found = {
        kind: totals.by_kind[selection.direction, kind].total()
        for kind in Kind
        if (selection.direction, kind) in totals.by_kind
    }
    if not found.keys() - COUNTED:
        return []
    return [
        Share(WORDS[selection.direction, kind], total, share_address(selection, kind))
        for kind, total in found.items()
    ]


def share_address(selection: Narrowable, kind: Kind) -> str:
    if kind is not Kind.OTHER:
        narrower = intersect(selection, **KIND_CONDITIONS[kind])
    elif selection.direction == Direction.INCOMING:
        narrower = intersect(selection, **NO_KIND | {"activity": Activity.INACTIVE})
    else:  # a payout that is no withdrawal is among them, whatever its status
        narrower = selection.add_terms("is:other")
    return narrower.address if narrower else ""


def intersect[S: Narrowable](
    selection: S,
    *,
    direction: str,
    types: tuple[str, ...],
    activity: str,
    statuses: tuple[str, ...],
) -> S | None:
    """Return a selection of the rows that meet these conditions, too; None where none can."""
    both_types = common(selection.types, types)
    both_statuses = common(selection.statuses, statuses)
    if both_types is None or both_statuses is None:
        return None
    if activity and selection.activity and activity != selection.activity:
        return None
    return selection.replace(
        types=both_types, statuses=both_statuses, activity=activity or selection.activity
    )


def common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what is in both, where an empty one is everything; None where nothing is."""
    if not (one and other):
        return one or other
    return tuple(each for each in one if each in other) or None
