from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import Any, Self

from django.db.models import Q

from clients.models import Client
from clients.scoping import ClientOwnedQuerySet
from paykassma_admin.addresses import page_path, query_string
from paykassma_admin.lists.period_filters import EMPTY
from paykassma_admin.periods import Period, calendar_day, clock_moment
from paykassma_admin.values.money import USD, plain
from transactions.conditions import (
    Condition,
    activity_status,
    condition,
    counterparty_part,
    lookup,
    matching,
)
from transactions.models import DayTotal, KindTotal, Transaction, TransactionQuerySet
from transactions.query.fields import TRANSACTION_FIELDS
from transactions.query.sorting import BY_AMOUNT, Sort
from transactions.totals.kinds import KIND_CONDITIONS, NO_KIND, Kind
from transactions.totals.queries import (
    SEEK_FROM_OFFSET,
    count_day_totals,
    daily_groups,
    daily_groups_by_kind,
    hourly_groups,
    period_groups,
)
from transactions.totals.result import Totals
from transactions.totals.seek import find_day
from wallets.rates import rated_periods

HOURS = ("hour_from", "hour_to")
AMOUNTS = ("amount_from", "amount_to")
NO_ROW = Q(currency="")  # a condition that no row meets


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Frozen conditions, joined by AND; an empty one sets none.

    Cards, points of the chart, lists, footers and JSON all take their rows, totals and address
    from one Selection, so that a number and the rows behind it cannot differ.
    """

    client: Client
    period: Period
    payment_systems: tuple[str, ...] = condition(
        "payment_system", (), where=lookup("payment_system__code__in"), read=tuple
    )
    wallet: int | None = condition("wallet", None, where=lookup("wallet"), read=int)
    label: str = condition("label", where=matching("label"), has_totals=False)
    order_number: str = condition("order_number", where=matching("order_number"), has_totals=False)
    transaction_id: str = condition("transaction_id", where=matching("number"), has_totals=False)
    counterparty: str = condition("counterparty", where=counterparty_part, has_totals=False)
    direction: str = condition("direction", where=lookup("direction"))
    types: tuple[str, ...] = condition("type", (), where=lookup("type__in"), read=tuple)
    activity: str = condition("status", where=activity_status)  # an Activity
    statuses: tuple[str, ...] = condition("state", (), where=lookup("status__in"), read=tuple)
    converted: bool | None = condition("converted", None, read="yes".__eq__)  # to `currency`
    country: str = condition("country", where=lookup("country"))
    arrival_currency: str = condition("arrival_currency", where=lookup("currency"))
    currency: str = condition("currency", USD)  # that sums are converted to; it leaves out no row
    # Hours on the Client's clock, 0 to 23, both included.
    hour_from: int | None = condition(
        "hour_from", None, where=lookup("hour__gte"), has_totals=False
    )
    hour_to: int | None = condition("hour_to", None, where=lookup("hour__lte"), has_totals=False)
    # In the currency of arrival, both included.
    amount_from: Decimal | None = condition(  # noqa: RUF009
        "amount_from", None, where=lookup("amount__gte"), has_totals=False
    )
    amount_to: Decimal | None = condition(  # noqa: RUF009
        "amount_to", None, where=lookup("amount__lte"), has_totals=False
    )
    # What no parameter above says, as a canonical text of the query language.
    terms: str = condition("q")
    sort: str = condition("sort")  # a Sort; "", newest first; it leaves out no row
    # A minute of the Client's clock, not included: rows of before. Its day alone has no totals.
    until: datetime | None = condition("until", None, has_totals=False)  # noqa: RUF009

    @classmethod
    def from_form(cls, values: Mapping[str, Any], *, client: Client, period: Period) -> Self:
        given = {
            name: each.read(values[each.parameter])
            for name, each in CONDITIONS.items()
            if values[each.parameter] not in EMPTY
        }
        return cls(client=client, period=period, **given)

    def conditions(self) -> Iterator[tuple[Condition, Any]]:
        for name, each in CONDITIONS.items():
            if (value := getattr(self, name)) != each.default:
                yield each, value

    def replace(self, **conditions: Any) -> Self:
        return replace(self, **conditions)

    def add_terms(self, terms: str) -> Self:
        return self.replace(terms=TRANSACTION_FIELDS.join(self.terms, terms))

    def select_days(self, first: date | None, last: date | None) -> Self:
        return self.replace(period=Period(first, last, self.period.zone))

    def select_slot(self, slot: date, last: date) -> Self:
        """Return the part in those days; for a datetime, in that hour of its day."""
        if not isinstance(slot, datetime):
            return self.select_days(slot, last)
        return self.select_days(slot.date(), slot.date()).replace(
            hour_from=slot.hour, hour_to=slot.hour
        )

    def pay_ins(self) -> Self:
        return self.replace(**KIND_CONDITIONS[Kind.PAY_IN])

    def fakes(self) -> Self:
        return self.replace(**KIND_CONDITIONS[Kind.FAKE])

    def withdrawals(self) -> Self:
        return self.replace(**KIND_CONDITIONS[Kind.WITHDRAWAL])

    def withdrawals_in_progress(self) -> Self:
        return self.replace(**KIND_CONDITIONS[Kind.IN_PROGRESS])

    def not_converted(self) -> Self:
        return self.replace(converted=False)

    def rows(self) -> TransactionQuerySet:
        return self._rows.all()

    @cached_property
    def _rows(self) -> TransactionQuerySet:
        """Cached for a list, which needs them for its totals and for its page."""
        rows = Transaction.objects.for_client(self.client).in_period(self.period)
        if self.has_hours:
            rows = rows.with_hours(self.period.zone)
        rows = rows.filter(*self._where(rows))
        if self.until:
            rows = rows.filter(logged_at__lt=clock_moment(self.until, self.period.zone))
        if self.converted is not None:
            rows = rows.filter(
                self._conversion_condition(Q(usd_rate__isnull=False), self._logged_condition)
            )
        return rows

    def sorted_rows(self) -> TransactionQuerySet:
        return self.rows().in_order(self.sort)

    def _where(self, rows: Any) -> list[Q]:
        found = [each.where(rows, value) for each, value in self.conditions() if each.where]
        if not self.terms:
            return found
        return found + TRANSACTION_FIELDS.conditions(rows, self.terms, self.period.zone)

    @property
    def has_hours(self) -> bool:
        """Return whether a condition needs the hour of each row."""
        is_bounded = self.hour_from is not None or self.hour_to is not None
        return is_bounded or bool(self.terms and TRANSACTION_FIELDS.has_term(self.terms, "hour"))

    @property
    def has_precomputed_totals(self) -> bool:
        are_kept = all(each.has_totals for each, _value in self.conditions())
        return are_kept and (not self.terms or TRANSACTION_FIELDS.has_totals(self.terms))

    @property
    def end(self) -> datetime | None:
        """Return the moment that its rows are before; None is no bound."""
        cut = clock_moment(self.until, self.period.zone) if self.until else None
        return min(filter(None, (self.period.end, cut)), default=None)

    @property
    def parts(self) -> list[Self]:
        """Return itself; cut by `until`, its whole days, and the rest, which is read from rows."""
        uncut = self.replace(until=None)
        if not self.until or not uncut.has_precomputed_totals:
            return [self]
        first, last, day = self.period.first, self.period.last, self.until.date()
        if last and last < day:
            return [uncut]
        if first and day <= first:
            return [self]
        return [uncut.select_days(first, day - timedelta(days=1)), self.select_days(day, day)]

    @property
    def kind(self) -> Kind | None:
        """Return the kind whose conditions it has, beside those that totals by kind tell apart."""
        if self.wallet is not None or self.terms:
            return None
        return next(
            (kind for kind, own in KIND_CONDITIONS.items() if self.replace(**own) == self), None
        )

    def kept_totals_of_all_days(self) -> ClientOwnedQuerySet[Any]:
        """Return totals of all days, from the table that answers with the fewest rows."""
        if self.kind:
            return self.kind_totals().filter(kind=self.kind)
        has_kept_by_kind = self.wallet is None and not self.terms
        is_narrower = self.types or self.activity or self.statuses or not has_kept_by_kind
        return self.filter_precomputed((DayTotal if is_narrower else KindTotal).objects.all())

    def kind_totals(self) -> ClientOwnedQuerySet[KindTotal]:
        return self.replace(**NO_KIND).filter_precomputed(KindTotal.objects.all())

    def filter_precomputed[R: ClientOwnedQuerySet[Any]](self, totals: R) -> R:
        own = totals.for_client(self.client)
        own = own.filter(*self._where(own))
        if self.converted is not None:
            own = own.filter(self._conversion_condition(Q(is_converted=True), day_condition))
        return own

    def _logged_condition(self, first: date, last: date) -> Q:
        days = Period(first, last, self.period.zone)
        return Q(logged_at__gte=days.start, logged_at__lt=days.end)

    def _conversion_condition(self, has_rate: Q, days: Callable[[date, date], Q]) -> Q:
        is_summed = Q(currency=self.currency)
        if self.currency == USD:
            is_summed |= has_rate
        else:
            rated = [days(*each) for each in rated_periods(self.currency)]
            is_summed |= has_rate & reduce(or_, rated, NO_ROW)
        return is_summed if self.converted else ~is_summed

    def totals(self) -> Totals:
        """Return totals by day. Raise RowLimitExceeded for a text with too many rows."""
        return Totals.from_groups(daily_groups(self), self.currency)

    def hourly_totals(self) -> Totals:
        """Return totals by hour of the Client's clock, from rows. Raise RowLimitExceeded."""
        return Totals.from_groups(hourly_groups(self), self.currency)

    def count(self) -> int:
        """Return `totals().count` in half the time; only where totals are precomputed."""
        return count_day_totals(self)

    def period_totals(self) -> Totals:
        """Return the same sums undivided by day, from whole months where these are precomputed.

        Only USD needs no rate of each day, so its groups have neither days nor payment systems.
        """
        groups = period_groups(self) if self.currency == USD else daily_groups(self)
        return Totals.from_groups(groups, self.currency)

    def rows_by_id(self, totals: Totals) -> TransactionQuerySet | None:
        """Return the rows that `totals` were added up from, by their ids; None unless it pays.

        Searching for a part of a text takes as long the second time.
        """
        if not self.counterparty or totals.ids is None:
            return None
        return Transaction.objects.for_client(self.client).filter(pk__in=totals.ids)

    def seek_page(self, offset: int, totals: Totals) -> tuple[Period, int]:
        """Return the period cut at the day that holds row `offset`, and the number of rows skipped.

        `totals` are its own. The database would walk over every row before `offset`.
        """
        if offset < SEEK_FROM_OFFSET or self.sort in BY_AMOUNT:
            return self.period, 0
        if len(self.parts) > 1:
            return self._seek_page_before_cut(offset)
        if not self.has_precomputed_totals:
            return self.period, 0
        try:
            day, skipped = find_day(self, offset, totals.groups)
        except LookupError:  # rows were taken off since they were counted
            return self.period, 0
        return self._from_day(day), skipped

    def _from_day(self, day: date) -> Period:
        """Return the period from `day` on, in the order of the rows."""
        first, last, zone = self.period.first, self.period.last, self.period.zone
        return Period(day, last, zone) if self.sort == Sort.OLDEST else Period(first, day, zone)

    def _seek_page_before_cut(self, offset: int) -> tuple[Period, int]:
        days, rest = self.parts
        if self.sort == Sort.OLDEST:
            older = days.period_totals()
            if offset >= older.count:
                return rest.period, older.count
            period, skipped = days.seek_page(offset, older)
            return Period(period.first, self.period.last, self.period.zone), skipped
        newer = rest.totals().count
        if offset < newer:
            return self.period, 0
        period, skipped = days.seek_page(offset - newer, days.period_totals())
        return period, newer + skipped

    def seek_rows(self, offset: int, totals: Totals) -> tuple[TransactionQuerySet, int]:
        """Return rows in order that hold row `offset`, and the number of rows skipped."""
        found = self.rows_by_id(totals)
        if found is not None:
            return found.in_order(self.sort), 0
        period, skipped = self.seek_page(offset, totals)
        rows = self.sorted_rows()
        return rows.in_period(period) if skipped else rows, skipped

    @property
    def address(self) -> str:
        return f"{page_path('transactions:list')}?{self.query()}"

    @property
    def proof_address(self) -> str:
        return f"{page_path('transactions:proof')}?{self.query()}"

    @property
    def address_without_days(self) -> str:
        """An address to be completed by `slot_query()`, for charts of up to 366 slots."""
        return self.select_days(None, None).address.removesuffix("date_from=&date_to=")

    def query(self) -> str:
        values = {each.parameter: address_values(value) for each, value in self.conditions()}
        hours = {name: values.pop(name) for name in (*HOURS, "until") if name in values}
        before, after = (query_string(pairs(each)) for each in (values, hours))
        return "&".join(filter(None, [before, self.days_query, after]))

    @property
    def days_query(self) -> str:
        return f"date_from={self.period.first or ''}&date_to={self.period.last or ''}"


CONDITIONS: dict[str, Condition] = {
    each.name: each.metadata["condition"] for each in fields(Selection) if each.metadata
}


def pairs(values: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, object]]:
    return ((name, value) for name, own in values.items() for value in own)


def address_values(value: Any) -> Sequence[object]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, datetime):
        return [value.isoformat(timespec="minutes")]
    if isinstance(value, Decimal):
        return [plain(value)]
    return [{True: "yes", False: "no"}[value] if isinstance(value, bool) else value]


def slot_query(slot: date, last: date) -> str:
    """Return the parameters that `Selection.select_slot(slot, last)` has in its address."""
    hour = f"&hour_from={slot.hour}&hour_to={slot.hour}" if isinstance(slot, datetime) else ""
    return f"date_from={calendar_day(slot)}&date_to={calendar_day(last)}{hour}"


def day_condition(first: date, last: date) -> Q:
    return Q(day__range=(first, last))


def totals_by_kind(selections: Sequence[Selection]) -> list[Totals]:
    """Return `totals()` of each in one statement; they differ in kind and days alone."""
    pairs = zip(daily_groups_by_kind(selections), selections, strict=True)
    return [Totals.from_groups(groups, each.currency) for groups, each in pairs]
