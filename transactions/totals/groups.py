"""Transactions added up by day, payment system, currency and direction, in the database.

From what it keeps (day_totals.py); from the rows themselves where a text is looked for, unless
these are too many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import starmap
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import (
    BigIntegerField,
    DateField,
    F,
    Q,
    Sum,
    TextField,
)
from django.db.models.functions import Cast, TruncMonth

from clients.models import Client
from paykassma_admin.database.local_time import DayOf, HourOf
from paykassma_admin.lists.counting import bounded_totals
from paykassma_admin.periods import Period
from transactions.totals.day_totals import ActivityQuerySet, MonthTotal
from transactions.totals.group import Group
from wallets.models import PaymentSystem

if TYPE_CHECKING:
    from transactions.selection import Selection


SEEK_FROM_OFFSET = 1_000  # rows that are walked over quickly
SOME_DAY = date.min  # of sums that nobody tells apart by day
MEASURES = ("count", "amount", "amount_usd")
SYSTEMS = PaymentSystem._meta.db_table
KEY = ("code", "currency", "direction", "is_converted")


def by_day(selection: Selection) -> tuple[Group, ...]:
    if not selection.has_precomputed_totals:
        return gathered(of_rows_by_code(selection, day=DayOf("logged_at", selection.period.zone)))
    days = days_of(selection)
    return day_by_day(days) if selection.kind else grouped(days)


def by_hour(selection: Selection) -> tuple[Group, ...]:
    """From the rows. Raises RowLimitExceeded."""
    zone = selection.period.zone
    day, hour = DayOf("logged_at", zone), HourOf("logged_at", zone)
    rows = of_rows_by_code(selection, day=day, at=hour)
    return gathered((*row[:4], datetime.combine(row[4], time(row[5])), *row[6:]) for row in rows)


def of_rows_by_code(selection: Selection, **more: Any) -> Iterator[tuple[Any, ...]]:
    """By KEY and `more`. Raises RowLimitExceeded.

    A join of the systems would sort all rows, and a subquery be asked for each of them.
    """
    rows = of_rows(selection, ("payment_system_id", *KEY[1:], *more), **more)
    codes = dict(PaymentSystem.objects.order_by().values_list("pk", "code")) if rows else {}
    return ((codes[key], *rest) for key, *rest in rows)


def of_rows(selection: Selection, by: tuple[str, ...], **more: Any) -> list[tuple[Any, ...]]:
    """Of columns and what `more` calls one. Raises RowLimitExceeded.

    With the rows' ids where these are to be found again: see `Selection.rows_by_id`.
    """
    rows = selection.rows().newest_first().annotate(is_converted=Q(usd_rate__isnull=False), **more)
    ids = f", (array_agg(id))[:{SEEK_FROM_OFFSET}]" if selection.counterparty else ""
    amounts = rows.values_list(*by, "amount", "amount_usd", "id")
    return bounded_totals(amounts, by=by, sums=f"sum(amount), coalesce(sum(amount_usd), 0){ids}")


def day_by_day(kinds: Any) -> tuple[Group, ...]:
    """Of few totals a day, which need no adding up before they are fetched."""
    return tuple(group for _kind, group in groups_of(kinds))


def by_kind_and_day(selections: Sequence[Selection]) -> list[tuple[Group, ...]]:
    """As `by_day` of each, in one statement: they differ in their kind and days alone.

    What arrived in another currency than theirs is left out.
    """
    kinds = {each.kind: days_between(each.period) for each in selections}
    asked = [Q(kind=kind, day__range=days) for kind, days in kinds.items()]
    rows = selections[0].kept_of_any_kind().filter(reduce(or_, asked))
    found = groups_of(rows, selections[0].currency)
    return [tuple(group for of, group in found if of == kind) for kind in kinds]


def groups_of(kinds: Any, *arrived_in: str) -> list[tuple[str, Group]]:
    """Each after its kind; without those that have come to nothing."""
    arrived = Q(currency__in=arrived_in) if arrived_in else None
    by_key = kinds.values_list("kind", "payment_system", *KEY[1:]).annotate(
        counted=Sum("count"),
        days=ArrayAgg("day"),
        amounts=Cast(ArrayAgg("amount", filter=arrived), TextField()),
        amounts_usd=Cast(ArrayAgg("amount_usd"), TextField()),
        counts=Cast(ArrayAgg("count"), TextField()),
    )
    inner, parameters = by_key.query.sql_with_params()
    # Joined when they are few: it would look the code up of each day.
    query = f"select code, found.* from ({inner}) found join {SYSTEMS} on id = payment_system"  # noqa: S608  # our own names
    rows = answer(query, parameters)
    groups = [(kind, Group.read(code, *rest)) for code, kind, _system, *rest in rows]
    return [(kind, group) for kind, group in groups if group.count]


def grouped(found: Any) -> tuple[Group, ...]:
    """Added up by the database first: what is fetched is a row for each day and key."""
    with_code = found.annotate(code=F("payment_system__code"))
    return gathered(answer(*summed(with_code, (*KEY, "day"))))


def gathered(rows: Iterable[tuple[Any, ...]]) -> tuple[Group, ...]:
    """Of rows of a key, a day, a count, an amount, an amount in USD, and ids if they are known."""
    of_key: defaultdict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for code, currency, direction, is_converted, day, count, *rest in rows:
        if count:  # a kept total may have come to nothing
            key = (code, currency, direction, is_converted)
            of_key[key].append((day, int(count), *rest))
    return tuple(starmap(collected, of_key.items()))


def collected(key: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> Group:
    days, counts, *rest = map(list, zip(*rows, strict=True))
    return Group(*(*key, sum(counts), days, counts, *rest))


def summed(found: Any, by: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """A statement and its parameters: `by`, and the sums of all measures.

    Django takes as long to write sums down as PostgreSQL takes to add a week up.
    """
    keys, sums = ", ".join(by), ", ".join(f"sum({measure})" for measure in MEASURES)
    inner, parameters = found.values_list(*by, *MEASURES).query.sql_with_params()
    return f"select {keys}, {sums} from ({inner}) found group by {keys}", parameters  # noqa: S608  # our own names


def answer(query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """As it is: by thousands of rows, Django takes four times as long."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def period_totals(selection: Selection) -> tuple[Group, ...]:
    """Of the whole period at once: whole months, and the days before and after them.

    With a whole month in it, all stand under the first days of their months: see placing.py.
    """
    if not selection.has_precomputed_totals:
        return without_day(of_rows(selection, KEY[1:]))
    first, after = whole_months(selection.period.first, selection.period.last)
    if first >= after:
        return without_day(answer(*summed(days_of(selection), KEY[1:])))
    months = selection.kept(MonthTotal.objects.all()).filter(month__gte=first, month__lt=after)
    rest = days_of(selection).filter(Q(day__lt=first) | Q(day__gte=after))
    by_month = rest.annotate(month=Cast(TruncMonth("day"), DateField()))
    by = (*KEY[1:], "month")
    (whole, of_whole), (others, of_others) = summed(months, by), summed(by_month, by)
    both = answer(f"{whole} union all {others}", (*of_whole, *of_others))
    return gathered(("", *row) for row in both)


def without_day(rows: Iterable[tuple[Any, ...]]) -> tuple[Group, ...]:
    return gathered(("", *row[:3], SOME_DAY, *row[3:]) for row in rows)


def whole_months(first: date | None, last: date | None) -> tuple[date, date]:
    """The first day of the first month that is whole, and the day after the last one's end."""
    begin = date.min if first is None else first_of_month(first - timedelta(days=1), later=1)
    end = date.max if last is None else first_of_month(last + timedelta(days=1))
    return begin, end


def first_of_month(day: date, *, later: int = 0) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def days_of(selection: Selection) -> ActivityQuerySet[Any]:
    return selection.kept_by_day().filter(day__range=days_between(selection.period))


def days_between(period: Period) -> tuple[date, date]:
    return period.first or date.min, period.last or date.max


def kept_count(selection: Selection) -> int:
    return int(days_of(selection).aggregate(counted=Sum("count"))["counted"] or 0)


def counts_by_day(selection: Selection) -> Any:
    """Days and their counts, newest first."""
    count = Cast(Sum("count"), BigIntegerField())
    return days_of(selection).values_list("day").annotate(counted=count).order_by("-day")


def countries(client: Client) -> list[str]:
    return different(client, "country")


def currencies(client: Client) -> list[str]:
    """Of arrival."""
    return sorted(different(client, "currency"))


def different(client: Client, column: str) -> list[str]:
    months = MonthTotal.objects.for_client(client).filter(count__gt=0)
    return list(months.order_by().values_list(column, flat=True).distinct())
