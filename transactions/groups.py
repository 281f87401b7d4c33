"""Transactions added up by day, payment system, currency and direction, in the database.

From what it keeps (day_totals.py); from the rows themselves where a text is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import starmap
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, Count, F, Q, Sum
from django.db.models.functions import Cast, TruncDate

from clients.models import Client
from transactions.day_totals import ActivityQuerySet, MonthTotal

if TYPE_CHECKING:
    from transactions.selection import Selection


@dataclass(slots=True)  # frozen, thousands of them take three times as long to make
class Group:
    """What the transactions of one day, payment system, currency and direction come to."""

    day: date
    payment_system: str
    currency: str
    direction: str
    count: int
    amount: Decimal
    amount_usd: Decimal  # of those that have a rate
    unconverted: int  # how many have none


type RowsOfDays = tuple[date, date, int]  # the first day, the last one, and how many rows they have

SOME_DAY = date.min  # of sums whose day is of no interest
SUMS = {
    "summed": Sum("amount"),
    "summed_usd": Sum("amount_usd", default=Decimal(0)),
}
OF_ROWS = {
    "counted": Count("pk"),
    **SUMS,
    "unconverted": Count("pk", filter=Q(usd_rate__isnull=True)),
}
OF_KEPT = {
    "counted": Cast(Sum("count"), BigIntegerField()),
    **SUMS,
    "unconverted": Cast(Sum("count", filter=Q(is_converted=False), default=0), BigIntegerField()),
}


def by_day(selection: Selection) -> tuple[Group, ...]:
    if selection.is_kept:
        return grouped(days_of(selection), OF_KEPT, "day")
    at = TruncDate("logged_at", tzinfo=selection.period.zone)
    return grouped(selection.rows().annotate(day=at), OF_ROWS, "day")


def grouped(found: Any, sums: dict[str, Any], day: str) -> tuple[Group, ...]:
    """In the order of the days. A kept total may have come to nothing."""
    groups = (
        found.order_by()
        .annotate(code=F("payment_system__code"))
        .values_list(day, "code", "currency", "direction")
        .annotate(**sums)
        .filter(counted__gt=0)
        .order_by(day, "code")
    )
    return tuple(starmap(Group, fetched(groups)))


def fetched(found: Any) -> list[tuple[Any, ...]]:
    """What the database answers, as it is: by thousands, Django takes four times as long."""
    with connection.cursor() as cursor:
        cursor.execute(*found.query.sql_with_params())
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def of_all_days(selection: Selection) -> tuple[Group, ...]:
    """Of the whole period at once: whole months, and the days before and after them."""
    if not selection.is_kept:
        return summed(selection.rows(), OF_ROWS)
    first, after = whole_months(selection.period.first, selection.period.last)
    if first >= after:
        return summed(days_of(selection), OF_KEPT)
    months = months_of(selection, first, after)
    rest = days_of(selection).filter(Q(day__lt=first) | Q(day__gte=after))
    return summed(months, OF_KEPT) + summed(rest, OF_KEPT)


def summed(found: Any, sums: dict[str, Any]) -> tuple[Group, ...]:
    groups = found.order_by().values_list("currency", "direction").annotate(**sums)
    return tuple(Group(SOME_DAY, "", *values) for values in groups.filter(counted__gt=0))


def whole_months(first: date | None, last: date | None) -> tuple[date, date]:
    """The first day of the first month that is whole, and the day after the last one's end."""
    begin = date.min if first is None else first_of_month(first - timedelta(days=1), later=1)
    end = date.max if last is None else first_of_month(last + timedelta(days=1))
    return begin, end


def first_of_month(day: date, *, later: int = 0) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def days_of(selection: Selection) -> ActivityQuerySet[Any]:
    days = selection.kept_by_day()
    if selection.period.first is not None:
        days = days.filter(day__gte=selection.period.first)
    if selection.period.last is not None:
        days = days.filter(day__lte=selection.period.last)
    return days


def months_of(selection: Selection, first: date, after: date) -> ActivityQuerySet[Any]:
    return selection.kept(MonthTotal.objects.all()).filter(month__gte=first, month__lt=after)


def counts(selection: Selection) -> Iterator[RowsOfDays]:
    """Newest first: the days after the last whole month, whole months, and the days before."""
    first, after = whole_months(selection.period.first, selection.period.last)
    if first >= after:
        yield from counts_by_day(selection)
        return
    if after < date.max:
        yield from counts_by_day(selection.on_days(after, selection.period.last))
    for month, count in counted(months_of(selection, first, after), "month"):
        yield month, first_of_month(month, later=1) - timedelta(days=1), count
    if first > date.min:
        yield from counts_by_day(
            selection.on_days(selection.period.first, first - timedelta(days=1))
        )


def counts_by_day(selection: Selection) -> Iterator[RowsOfDays]:
    """Newest first."""
    for day, count in counted(days_of(selection), "day"):
        yield day, day, count


def counted(kept: ActivityQuerySet[Any], unit: str) -> Any:
    by_unit = kept.order_by().values_list(unit).annotate(counted=OF_KEPT["counted"])
    return by_unit.order_by(f"-{unit}")


def countries(client: Client) -> list[str]:
    months = MonthTotal.objects.for_client(client).filter(count__gt=0)
    return list(months.order_by().values_list("country", flat=True).distinct())
