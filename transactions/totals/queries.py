"""Sums of transactions by day, payment system, currency and direction, computed in the database.

They come from precomputed totals; for a text search from the rows, up to a bound.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import chain, starmap
from operator import or_
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import (
    BigIntegerField,
    DateField,
    F,
    Func,
    Q,
    Sum,
    TextField,
)
from django.db.models.functions import Cast, TruncMonth

from clients.models import Client
from clients.scoping import ClientOwnedQuerySet
from paykassma_admin.database.local_time import LocalDay, LocalHour
from paykassma_admin.database.statements import select_sql
from paykassma_admin.lists.counting import bounded_totals
from paykassma_admin.periods import Period
from transactions.query.sorting import Sort
from transactions.totals.group import Group
from transactions.totals.models import KindTotal, MonthTotal
from transactions.totals.protocol import SelectionProtocol
from wallets.models import PaymentSystem

SEEK_FROM_OFFSET = 1_000  # rows that are walked over quickly
SOME_DAY = date.min  # of sums over all days
MEASURES = ("count", "amount", "amount_usd")
SYSTEMS = PaymentSystem._meta.db_table
KEY = ("code", "currency", "direction", "is_converted")
PERIOD_KEY = (*KEY[1:], "kind")


def daily_groups(selection: SelectionProtocol) -> tuple[Group, ...]:
    return tuple(chain.from_iterable(map(daily_groups_of_part, selection.parts)))


def daily_groups_of_part(selection: SelectionProtocol) -> tuple[Group, ...]:
    if not selection.has_precomputed_totals:
        day = LocalDay("logged_at", selection.period.zone)
        return group_rows(row_totals_by_code(selection, day=day))
    days = period_day_totals(selection)
    if selection.kind:  # so few rows a day that they need not be added up before
        return tuple(group for _kind, group in groups_by_kind(days))
    return group_day_totals(days)


def hourly_groups(selection: SelectionProtocol) -> tuple[Group, ...]:
    """Add up the rows. Raise RowLimitExceeded."""
    zone = selection.period.zone
    day, hour = LocalDay("logged_at", zone), LocalHour("logged_at", zone)
    rows = row_totals_by_code(selection, day=day, at=hour)
    return group_rows((*row[:4], datetime.combine(row[4], time(row[5])), *row[6:]) for row in rows)


def row_totals_by_code(selection: SelectionProtocol, **more: Any) -> Iterator[tuple[Any, ...]]:
    """Yield sums by payment system and the rest of KEY, and by the columns `more`.

    Raise RowLimitExceeded. Codes are joined here: joined by SQL, all rows would be sorted first.
    """
    rows = row_totals(selection, ("payment_system_id", *KEY[1:], *more), **more)
    codes = dict(PaymentSystem.objects.order_by().values_list("pk", "code")) if rows else {}
    return ((codes[key], *rest) for key, *rest in rows)


def row_totals(
    selection: SelectionProtocol, by: tuple[str, ...], **more: Any
) -> list[tuple[Any, ...]]:
    """Return sums by the columns `by`, where `more` defines further ones. Raise RowLimitExceeded.

    Includes the rows' ids where `Selection.rows_by_id` needs them.
    """
    rows = selection.rows().newest_first().annotate(is_converted=Q(usd_rate__isnull=False), **more)
    ids = f", (array_agg(id))[:{SEEK_FROM_OFFSET}]" if selection.counterparty else ""
    amounts = rows.values_list(*by, "amount", "amount_usd", "id")
    return bounded_totals(amounts, by=by, sums=f"sum(amount), coalesce(sum(amount_usd), 0){ids}")


def daily_groups_by_kind(selections: Sequence[SelectionProtocol]) -> list[tuple[Group, ...]]:
    """Return `daily_groups` of each in one statement; they differ in kind and days alone.

    Amounts of arrival are left out, except in their own currency.
    """
    kinds = {each.kind: day_range(each.period) for each in selections}
    conditions = [Q(kind=kind, day__range=days) for kind, days in kinds.items()]
    rows = selections[0].kind_totals().filter(reduce(or_, conditions))
    pairs = groups_by_kind(rows, selections[0].currency)
    return [tuple(group for key, group in pairs if key == kind) for kind in kinds]


def groups_by_kind(kinds: Any, *arrived_in: str) -> list[tuple[str, Group]]:
    arrived = Q(currency__in=arrived_in) if arrived_in else None
    by_key = kinds.values_list("kind", "payment_system", *KEY[1:]).annotate(
        counted=Sum("count"),
        days=ArrayAgg("day"),
        amounts=Cast(ArrayAgg("amount", filter=arrived), TextField()),
        amounts_usd=Cast(ArrayAgg("amount_usd"), TextField()),
        counts=Cast(ArrayAgg("count"), TextField()),
    )
    inner, parameters = select_sql(by_key)
    # Joined when they are few: it would look the code up of each day.
    query = f"select code, found.* from ({inner}) found join {SYSTEMS} on id = payment_system"  # noqa: S608  # our own names
    rows = fetch_rows(query, parameters)
    groups = [(kind, Group.from_row(code, *rest)) for code, kind, _system, *rest in rows]
    return [(kind, group) for kind, group in groups if group.count]


def group_day_totals(totals: Any) -> tuple[Group, ...]:
    """Add up in the database first, so that one row is fetched for each day and key."""
    with_code = totals.annotate(code=F("payment_system__code"))
    return group_rows(fetch_rows(*sum_query(with_code, (*KEY, "day"))))


def group_rows(rows: Iterable[tuple[Any, ...]]) -> tuple[Group, ...]:
    """Group rows of KEY, day, count, amount, amount in USD and, if they are known, ids."""
    by_key: defaultdict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for code, currency, direction, is_converted, day, count, *rest in rows:
        if count:  # a kept total may have come to nothing
            key = (code, currency, direction, is_converted)
            by_key[key].append((day, int(count), *rest))
    return tuple(starmap(make_group, by_key.items()))


def make_group(key: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> Group:
    days, counts, *rest = map(list, zip(*rows, strict=True))
    return Group(*(*key, sum(counts), days, counts, *rest))


def sum_query(totals: Any, by: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return SQL and parameters for the sums of all measures by the columns `by`.

    Django takes as long to compile such sums as PostgreSQL takes to add up a week.
    """
    keys, sums = ", ".join(by), ", ".join(f"sum({measure})" for measure in MEASURES)
    inner, parameters = select_sql(totals.values_list(*by, *MEASURES))
    return f"select {keys}, {sums} from ({inner}) found group by {keys}", parameters  # noqa: S608  # our own names


def fetch_rows(query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return rows as psycopg has them; Django takes four times as long for thousands."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def period_groups(selection: SelectionProtocol) -> tuple[Group, ...]:
    """Return groups of the whole period: of whole months, and of the days around them.

    With a whole month in the period, all stand under the first days of their months: see seek.py.
    """
    return tuple(chain.from_iterable(map(period_groups_of_part, selection.parts)))


def period_groups_of_part(selection: SelectionProtocol) -> tuple[Group, ...]:
    if not selection.has_precomputed_totals:
        return without_day(row_totals(selection, PERIOD_KEY, kind=row_kind()))
    first, after = whole_months(selection.period.first, selection.period.last)
    if first >= after:
        return without_day(
            fetch_rows(*sum_query(with_kind(period_day_totals(selection)), PERIOD_KEY))
        )
    months = with_kind(selection.filter_precomputed(MonthTotal.objects.all())).filter(
        month__gte=first, month__lt=after
    )
    rest = with_kind(period_day_totals(selection)).filter(Q(day__lt=first) | Q(day__gte=after))
    by_month = rest.annotate(month=Cast(TruncMonth("day"), DateField()))
    by = (*PERIOD_KEY, "month")
    months_sql, months_parameters = sum_query(months, by)
    rest_sql, rest_parameters = sum_query(by_month, by)
    query = f"{months_sql} union all {rest_sql}"
    rows = fetch_rows(query, (*months_parameters, *rest_parameters))
    return group_kinds(rows)


def without_day(rows: Iterable[tuple[Any, ...]]) -> tuple[Group, ...]:
    return group_kinds((*row[:4], SOME_DAY, *row[4:]) for row in rows)


def group_kinds(rows: Iterable[tuple[Any, ...]]) -> tuple[Group, ...]:
    """Group rows of PERIOD_KEY and what follows it: each group has rows of one kind."""
    by_kind: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for currency, direction, is_converted, kind, *rest in rows:
        by_kind[kind].append(("", currency, direction, is_converted, *rest))
    groups = [(kind, group) for kind, own in by_kind.items() for group in group_rows(own)]
    return tuple(replace(group, kind=kind) for kind, group in groups)


def with_kind(totals: ClientOwnedQuerySet[Any]) -> ClientOwnedQuerySet[Any]:
    return totals if totals.model is KindTotal else totals.annotate(kind=row_kind())


def row_kind() -> Func:
    fields = ("direction", "type", "status")
    return Func(*fields, function="transaction_kind", output_field=TextField())


def whole_months(first: date | None, last: date | None) -> tuple[date, date]:
    """Return the first day of the first whole month, and the day after the last one's end."""
    begin = date.min if first is None else first_of_month(first - timedelta(days=1), later=1)
    end = date.max if last is None else first_of_month(last + timedelta(days=1))
    return begin, end


def first_of_month(day: date, *, later: int = 0) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def period_day_totals(selection: SelectionProtocol) -> ClientOwnedQuerySet[Any]:
    return selection.kept_totals_of_all_days().filter(day__range=day_range(selection.period))


def day_range(period: Period) -> tuple[date, date]:
    return period.first or date.min, period.last or date.max


def count_day_totals(selection: SelectionProtocol) -> int:
    counts = period_day_totals(selection).order_by().values_list("count")
    inner, parameters = select_sql(counts)
    query = f"select coalesce(sum(count), 0) from ({inner}) found"  # noqa: S608  # our own names
    ((count,),) = fetch_rows(query, parameters)
    return int(count)


def counts_by_day(selection: SelectionProtocol) -> Any:
    count = Cast(Sum("count"), BigIntegerField())
    order = "day" if selection.sort == Sort.OLDEST else "-day"
    return period_day_totals(selection).values_list("day").annotate(counted=count).order_by(order)


def countries(client: Client) -> list[str]:
    return distinct_values(client, "country")


def currencies(client: Client) -> list[str]:
    return sorted(distinct_values(client, "currency"))


def distinct_values(client: Client, column: str) -> list[str]:
    months = MonthTotal.objects.for_client(client).filter(count__gt=0)
    return list(months.order_by().values_list(column, flat=True).distinct())
