from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from paykassma_admin.values.names import parts
from transactions.statuses import Activity
from wallets.statuses import Status

type Where = Callable[[Any, Any], Q]  # of a query set of rows or totals, and a value


@dataclass(frozen=True)
class Condition:
    parameter: str  # of the address, and the name of its filter
    default: Any  # sets nothing
    where: Where | None  # None: Selection itself sees to it
    has_totals: bool  # totals are precomputed by it; else rows are added up, to a bound
    read: Callable[[Any], Any]  # makes the value of what the form has


def condition(
    parameter: str,
    default: Any = "",
    *,
    where: Where | None = None,
    has_totals: bool = True,
    read: Callable[[Any], Any] = lambda value: value,
) -> Any:
    own = Condition(parameter, default, where, has_totals, read)
    return field(default=default, metadata={"condition": own})


def lookup(name: str) -> Where:
    return lambda _rows, value: Q(**{name: value})


def matching(name: str) -> Where:
    return lambda rows, value: rows.condition(name, value)


def counterparty_part(_rows: Any, value: str) -> Q:
    """Match a part of the name's key, or the last digits of a telephone number."""
    return reduce(or_, (Q(counterparty_key__contains=part) for part in parts(value)))


def activity_status(_rows: Any, value: str) -> Q:
    is_activated = Q(status=Status.ACTIVATED)
    return is_activated if Activity(value) is Activity.ACTIVE else ~is_activated
