"""A set of transactions, described by its conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from clients.models import Client
from paykassma_admin.periods import Period, calendar_day
from paykassma_admin.values.money import USD
from transactions.models import DayTotal, KindTotal, Transaction, TransactionQuerySet
from transactions.statuses import Activity
from transactions.totals.day_totals import ActivityQuerySet
from transactions.totals.groups import (
    SEEK_FROM_OFFSET,
    by_day,
    by_hour,
    by_kind_and_day,
    kept_count,
    period_totals,
)
from transactions.totals.kinds import CONDITIONS, NO_KIND, Kind
from transactions.totals.result import Totals
from transactions.totals.seek import day_at
from wallets.rates import rated_periods

NOTHING = Q(currency="")  # a condition that no row meets


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Frozen conditions, joined by AND; an empty one sets none.

    A card, a point of the chart, a list with its footer and the JSON all take one, and get their
    rows, totals and address from it: so a number and the rows behind it cannot differ.
    """

    client: Client
    period: Period
    payment_systems: tuple[str, ...] = ()  # codes, joined by OR, like `types` and `statuses`
    wallet: int | None = None
    label: str = ""
    order_number: str = ""
    transaction_id: str = ""
    counterparty: str = ""
    direction: str = ""
    types: tuple[str, ...] = ()
    activity: str = ""  # an Activity
    statuses: tuple[str, ...] = ()
    converted: bool | None = None  # to `currency`
    country: str = ""
    arrival_currency: str = ""
    hour_from: int | None = None  # by the Client's clock, 0 to 23, both included
    hour_to: int | None = None
    currency: str = USD  # that sums are converted to; it leaves out no row

    def replace(self, **conditions: Any) -> Self:
        return replace(self, **conditions)

    def on_days(self, first: date | None, last: date | None) -> Self:
        return self.replace(period=Period(first, last, self.period.zone))

    def at(self, slot: date) -> Self:
        """On that day; of a datetime, in that hour of it."""
        if not isinstance(slot, datetime):
            return self.on_days(slot, slot)
        return self.on_days(slot.date(), slot.date()).replace(
            hour_from=slot.hour, hour_to=slot.hour
        )

    def pay_ins(self) -> Self:
        """What counts as an activated transaction in totals and charts."""
        return self.replace(**CONDITIONS[Kind.PAY_IN])

    def fakes(self) -> Self:
        """Pay-ins that have no money behind them: told beside the total, never in it."""
        return self.replace(**CONDITIONS[Kind.FAKE])

    def withdrawals(self) -> Self:
        return self.replace(**CONDITIONS[Kind.WITHDRAWAL])

    def withdrawals_under_way(self) -> Self:
        return self.replace(**CONDITIONS[Kind.UNDER_WAY])

    def not_converted(self) -> Self:
        return self.replace(converted=False)

    def rows(self) -> TransactionQuerySet:
        return self._rows.all()

    @cached_property
    def _rows(self) -> TransactionQuerySet:
        """A list asks for them twice: for its totals, and for its page."""
        rows = self.narrowed(Transaction.objects.for_client(self.client)).logged_in(self.period)
        rows = rows.matching(
            number=self.transaction_id, label=self.label, order_number=self.order_number
        )
        if self.counterparty:
            rows = rows.counterparty_contains(self.counterparty)
        if self._has_hours:
            rows = rows.in_hours(*self._hours, self.period.zone)
        if self.converted is not None:
            rows = rows.filter(self._conversion(Q(usd_rate__isnull=False), self._logged))
        return rows

    @property
    def has_precomputed_totals(self) -> bool:
        """Whether the database keeps totals by all of these conditions."""
        texts = (self.label, self.order_number, self.transaction_id, self.counterparty)
        return not any(texts) and not self._has_hours

    @property
    def _has_hours(self) -> bool:
        return self.hour_from is not None or self.hour_to is not None

    @property
    def _hours(self) -> tuple[int, int]:
        first, last = self.hour_from, self.hour_to
        return 0 if first is None else first, 23 if last is None else last

    @property
    def kind(self) -> Kind | None:
        """If it is all of one, apart from what totals by kind tell apart, too."""
        if self.wallet is not None:
            return None
        return next((k for k, said in CONDITIONS.items() if self.replace(**said) == self), None)

    def kept_by_day(self) -> ActivityQuerySet[Any]:
        """Whatever the days; from the totals with the fewest rows that have it."""
        if self.kind:
            return self.kept_of_any_kind().filter(kind=self.kind)
        is_narrower = self.types or self.activity or self.statuses or self.wallet is not None
        return self.kept((DayTotal if is_narrower else KindTotal).objects.all())

    def kept_of_any_kind(self) -> ActivityQuerySet[KindTotal]:
        return self.replace(**NO_KIND).kept(KindTotal.objects.all())

    def kept[R: ActivityQuerySet[Any]](self, totals: R) -> R:
        """What is kept of these transactions, in whatever days: the period is the reader's."""
        found = self.narrowed(totals.for_client(self.client))
        if self.converted is not None:
            found = found.filter(self._conversion(Q(is_converted=True), day_within))
        return found

    def _logged(self, first: date, last: date) -> Q:
        days = Period(first, last, self.period.zone)
        return Q(logged_at__gte=days.start, logged_at__lt=days.end)

    def _conversion(self, has_rate: Q, days: Callable[[date, date], Q]) -> Q:
        """Whether it is in the total: what a total misses are the very rows that are not."""
        is_told = Q(currency=self.currency)
        if self.currency == USD:
            is_told |= has_rate
        else:
            rated = [days(*each) for each in rated_periods(self.currency)]
            is_told |= has_rate & reduce(or_, rated, NOTHING)
        return is_told if self.converted else ~is_told

    def narrowed[R: ActivityQuerySet[Any]](self, found: R) -> R:
        """By what transactions and kept totals have in common."""
        if conditions := dict(self._equal()):
            found = found.filter(**conditions)
        if self.activity:
            is_active = Activity(self.activity) is Activity.ACTIVE
            found = found.activated() if is_active else found.not_activated()
        return found

    def _equal(self) -> Iterator[tuple[str, object]]:
        if self.payment_systems:
            yield "payment_system__code__in", self.payment_systems
        if self.wallet is not None:
            yield "wallet", self.wallet
        if self.direction:
            yield "direction", self.direction
        if self.types:
            yield "type__in", self.types
        if self.statuses:
            yield "status__in", self.statuses
        if self.country:
            yield "country", self.country
        if self.arrival_currency:
            yield "currency", self.arrival_currency

    def totals(self) -> Totals:
        """Return the totals by day. Raises RowLimitExceeded for a text with too many rows."""
        return Totals.of(by_day(self), self.currency)

    def totals_by_hour(self) -> Totals:
        """By hour of the Client's clock. Nothing is kept of hours: raises RowLimitExceeded."""
        return Totals.of(by_hour(self), self.currency)

    def kept_count(self) -> int:
        """As that of `totals()`, in half the time; only where totals are kept."""
        return kept_count(self)

    def totals_of_all_days(self) -> Totals:
        """The same sums, where nobody asks for days: from whole months, if they are kept.

        Only USD needs no rate of each day: of its totals neither the day nor the payment system
        of a group is known.
        """
        groups = period_totals(self) if self.currency == USD else by_day(self)
        return Totals.of(groups, self.currency)

    def rows_by_id(self, totals: Totals) -> TransactionQuerySet | None:
        """The rows that `totals` were added up from, by their ids; None unless it pays.

        To look for a part of a text takes as long the second time.
        """
        if not self.counterparty or totals.ids is None:
            return None
        return Transaction.objects.for_client(self.client).filter(pk__in=totals.ids)

    def seek_page(self, offset: int, totals: Totals) -> tuple[Period, int]:
        """Days without those, newest first, that lie whole before the row at `offset`.

        And how many rows these have: the database would walk over every row that it leaves out.
        `totals` are its own.
        """
        if offset < SEEK_FROM_OFFSET or not self.has_precomputed_totals:
            return self.period, 0
        try:
            day, skipped = day_at(self, offset, totals.groups)
        except LookupError:  # rows were taken off since they were counted
            return self.period, 0
        return Period(self.period.first, day, self.period.zone), skipped

    @property
    def address(self) -> str:
        """Of the list that shows these rows: the same conditions, and days that stay."""
        return f"{reverse('transactions:list')}?{self.query()}"

    @property
    def address_but_days(self) -> str:
        """To be followed by `days_in_address()` of a slot, of which a chart has 366."""
        of_no_day = self.on_days(None, None).address
        return of_no_day.removesuffix(urlencode({"date_from": "", "date_to": ""}))

    def query(self) -> str:
        conditions: list[tuple[str, object]] = [
            ("payment_system", self.payment_systems),
            ("wallet", self.wallet or ""),
            ("label", self.label),
            ("order_number", self.order_number),
            ("direction", self.direction),
            ("transaction_id", self.transaction_id),
            ("counterparty", self.counterparty),
            ("type", self.types),
            ("status", self.activity),
            ("state", self.statuses),
            ("converted", {None: "", True: "yes", False: "no"}[self.converted]),
            ("country", self.country),
            ("arrival_currency", self.arrival_currency),
            ("currency", "" if self.currency == USD else self.currency),
        ]
        days: list[tuple[str, object]] = [
            ("date_from", self.period.first or ""),
            ("date_to", self.period.last or ""),
        ]
        hours: list[tuple[str, object]] = [
            (name, hour)
            for name, hour in (("hour_from", self.hour_from), ("hour_to", self.hour_to))
            if hour is not None
        ]
        said = [(name, value) for name, value in conditions if value]
        return urlencode([*said, *days, *hours], doseq=True)


def days_in_address(slot: date) -> str:
    """As `Selection.at(slot)` has them."""
    day = calendar_day(slot)
    hour = f"&hour_from={slot.hour}&hour_to={slot.hour}" if isinstance(slot, datetime) else ""
    return f"date_from={day}&date_to={day}{hour}"


def day_within(first: date, last: date) -> Q:
    return Q(day__range=(first, last))


def totals_by_kind(selections: Sequence[Selection]) -> list[Totals]:
    """As `totals()` of each, in one statement: they differ in their kind and days alone."""
    found = by_kind_and_day(selections)
    return [Totals.of(g, each.currency) for g, each in zip(found, selections, strict=True)]
