"""The sums of a list, and the parts of them that the dashboard's cards count or leave out.

All are added up from the same groups; each has the address of exactly its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from transactions.models import Direction, Type
from transactions.statuses import IN_PROGRESS, Activity
from transactions.totals.kinds import KIND_CONDITIONS, NO_KIND, Kind
from transactions.totals.result import Total, Totals
from wallets.statuses import Status

ENDED = tuple(each for each in Status if each not in (*IN_PROGRESS, Status.ACTIVATED))
COUNTED = frozenset({Kind.PAY_IN, Kind.WITHDRAWAL})
WORDS: dict[Kind, str | Promise] = {
    Kind.PAY_IN: pgettext_lazy("sums", "counted in the cards"),
    Kind.FAKE: pgettext_lazy("sums", "fake"),
    Kind.WITHDRAWAL: pgettext_lazy("sums", "counted in the cards"),
    Kind.IN_PROGRESS: pgettext_lazy("sums", "in progress"),
    Kind.OTHER: pgettext_lazy("sums", "not completed"),
}
CONDITIONS: dict[tuple[str, Kind], dict[str, Any]] = {
    (Direction.INCOMING, Kind.OTHER): {"activity": Activity.INACTIVE},
    (Direction.OUTGOING, Kind.OTHER): {"types": (Type.WITHDRAWAL,), "statuses": ENDED},
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
    @property
    def has_precomputed_totals(self) -> bool: ...
    def replace(self, **conditions: Any) -> Self: ...
    def count(self) -> int: ...


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
        Share(WORDS[kind], total, share_address(selection, kind, total.count))
        for kind, total in found.items()
    ]


def share_address(selection: Narrowable, kind: Kind, count: int) -> str:
    conditions = CONDITIONS.get((selection.direction, kind)) or KIND_CONDITIONS[kind]
    narrower = intersect(selection, **{**NO_KIND, **conditions})
    if narrower is None:
        return ""
    may_differ = (selection.direction, kind) == (Direction.OUTGOING, Kind.OTHER)
    return "" if may_differ and not has_count(narrower, count) else narrower.address


def has_count(selection: Narrowable, count: int) -> bool:
    """Return whether these are all of those rows: a payout may be no withdrawal."""
    return selection.has_precomputed_totals and selection.count() == count


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
