"""A filter form whose state is the address, and the days of the Client's clock in it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any, cast

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paykassma_admin import formats
from paykassma_admin.addresses import query_string
from paykassma_admin.lists.fields import (
    ChoiceFilter,
    DayFilter,
)
from paykassma_admin.lists.query.mistakes import unknown_parameter
from paykassma_admin.lists.quick_periods import (
    LABELS,
    Quick,
    QuickPeriod,
    find_quick_period,
    quick_periods,
)
from paykassma_admin.periods import Period, today

DAYS = "days"  # the parameter of a period by name, which other dates are of each day
EMPTY: tuple[object, ...] = (None, "", [])  # an hour of 0 is not

BESIDE_CONDITIONS = frozenset({"seen"})  # transactions/proof/seen.py
NOT_CONDITIONS = frozenset({"page", "per_page", "sort"})
MOST_NAMED = 3  # unknown names of one address

type Suggestion = tuple[str | Promise, str]  # a label, and an address


class FilterForm(forms.Form):
    """A form whose state is the address; its fields are shared, so set the same in each form."""

    def __init__(
        self, *args: Any, filter_fields: dict[str, forms.Field] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(filter_fields or {})
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self._unknown_names():
            self.add_error(None, unknown_parameter(name, self.fields))
        for name in self._repeated_fields():
            self.add_error(name, _("Give one value here."))
        if cleaned.get(DAYS):
            self.add_error(DAYS, _("Give the days either by dates or by name, not by both."))
        first, last = cleaned.get("date_from"), cleaned.get("date_to")
        if first and last and first > last:
            self.add_error(
                "date_from", _("The date “From” is later than the date “To”. Swap them.")
            )
        return cleaned

    def _unknown_names(self) -> list[str]:
        """Return names that are no condition: passing over a misspelt one would show more rows."""
        unknown = self.data.keys() - self.fields.keys() - BESIDE_CONDITIONS
        return sorted(unknown)[:MOST_NAMED]

    def _repeated_fields(self) -> list[str]:
        """Return single-value fields that the address repeats: taking the last would be a guess."""
        many = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
        return [
            name
            for name, field in self.fields.items()
            if not isinstance(field, many) and len(cast(QueryDict, self.data).getlist(name)) > 1
        ]


def day_values(period: QuickPeriod) -> dict[str, str]:
    return {"date_from": str(period.first), "date_to": str(period.last)}


class PeriodFilterSet(django_filters.FilterSet):
    """Filters by days in the Client's time zone, the last eight days by default."""

    date_from = DayFilter(label=_("From"))
    date_to = DayFilter(label=_("To"))
    days = ChoiceFilter(label=_("Period"), choices=[*LABELS.items()])

    class Meta:
        form = FilterForm

    request: Any  # a ClientRequest, which this layer does not know
    unlogged: frozenset[str] = frozenset()  # what is looked for here may be a payer's name
    logged_by_name: frozenset[str] = frozenset()  # an id tells a reader of the log nothing
    named_period: QuickPeriod | None = None  # that the address has instead of dates
    form_fields: tuple[str, ...] = (
        "date_from",
        "date_to",
    )  # the fields of the form, in its order

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        self.zone = kwargs["request"].client.zone
        super().__init__(self._with_default_days(data), **kwargs)

    def _with_default_days(self, data: QueryDict | None) -> QueryDict:
        complete = changeable(data)
        if not complete.keys() & self.default_days:
            self.named_period = self._pop_named_period(complete)
            complete.update(day_values(self.named_period) if self.named_period else {})
        for name, day in self.default_days.items():
            if name not in complete:
                complete[name] = str(day)
        return complete

    def get_form_class(self) -> Callable[..., FilterForm]:
        """Return a partial, not a new class for each request, which would copy its fields again."""
        fields = {name: each.field for name, each in self.filters.items()}
        return partial(self._meta.form, filter_fields=fields)

    def _pop_named_period(self, data: QueryDict) -> QuickPeriod | None:
        """Take a period's name off the data; leave one that the form will not know."""
        names = data.getlist(DAYS)
        found = find_quick_period(names[0], today(self.zone)) if len(names) == 1 else None
        if found:
            data.pop(DAYS)
        return found

    @cached_property
    def default_days(self) -> dict[str, date | None]:
        week = Period.week_before(today(self.zone), self.zone)
        return {"date_from": week.first, "date_to": week.last}

    @property
    def bound_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.form_fields]

    @property
    def error_fields(self) -> list[forms.BoundField]:
        """Return wrong fields of the query string that the form on the page does not show."""
        return [field for field in self.form if field.errors and field.name not in self.form_fields]

    @property
    def extra_parameters(self) -> list[tuple[str, str]]:
        """Return parameters beyond the form and the page, which stay when the form is sent."""
        said = self.request.GET.lists()
        beyond = set(self.filters) - {*self.form_fields, DAYS, "page"}  # the form has dates
        return [(name, value) for name, values in said if name in beyond for value in values]

    @property
    def period(self) -> Period:
        chosen = self.form.cleaned_data
        return Period(chosen["date_from"], chosen["date_to"], self.zone)

    @property
    def changes_to_no_days(self) -> dict[str, str | None]:
        return dict.fromkeys(self.default_days)

    @property
    def period_in_words(self) -> str:
        words = formats.days(self.period)
        return f"{self.named_period.label}, {words}" if self.named_period else words

    @property
    def shown_quick_period(self) -> QuickPeriod | None:
        """Return the one of the address, or the first with its days: some have the same."""
        if self.named_period:
            return self.named_period
        shown = {name: self.data[name] for name in self.default_days}
        periods = quick_periods(today(self.zone))
        return next((quick for quick in periods if day_values(quick) == shown), None)

    @property
    def quick_periods(self) -> list[Quick]:
        same = self.shown_quick_period
        return [
            (quick, self.address_with(**day_values(quick)), quick == same)
            for quick in quick_periods(today(self.zone))
        ]

    @property
    def suggestions(self) -> list[Suggestion]:
        """Return other periods that may have rows: none that lies within the one chosen."""
        now = today(self.zone)
        month = Period(now - timedelta(days=29), now, self.zone)
        if self.period.covers(month):
            return []
        days = {"date_from": str(month.first), "date_to": str(month.last)}
        return [(_("Show the last 30 days"), self.address_with(**days))]

    def address_with(self, **changes: str | None) -> str:
        """Return this page's address with other parameters, None removed, at its first page."""
        dates = {DAYS} if changes.keys() & self.default_days else set()
        # A number that was seen is of these conditions, in any order and on any page.
        seen = BESIDE_CONDITIONS if changes.keys() - NOT_CONDITIONS else ()
        said = [*self._parameters_except("page", *seen, *dates, *changes)]
        said += [(name, value) for name, value in changes.items() if value is not None]
        path: str = self.request.path
        return f"{path}?{query_string(said)}" if said else path

    def _parameters_except(self, *names: str) -> Iterator[tuple[str, str]]:
        for name, values in self.request.GET.lists():
            if name not in names:
                yield from ((name, value) for value in values)


def changeable(data: QueryDict | None) -> QueryDict:
    """Return a copy, in a tenth of the time of QueryDict.copy()."""
    copy = QueryDict(mutable=True)
    for name, values in data.lists() if data else ():
        copy.setlist(name, [*values])
    return copy
