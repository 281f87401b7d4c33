"""Filter forms whose state is the address: a period's, and a list's with its pages."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from paykassma_admin import formats
from paykassma_admin.addresses import query_string
from paykassma_admin.lists.chips import Chip, filter_chips
from paykassma_admin.lists.counting import AtLeast, RowCount, RowLimitExceeded
from paykassma_admin.lists.fields import (
    LAST_PAGE,
    NO_SUCH_PAGE,
    ChoiceFilter,
    DayFilter,
    IdentifierField,
    SharedFieldMixin,
    WholeNumberFilter,
)
from paykassma_admin.lists.query.choices import ChoiceWords
from paykassma_admin.lists.query.mistakes import Mistake, unknown_parameter
from paykassma_admin.lists.query.query import PARAMETER, QueryFields
from paykassma_admin.lists.quick_periods import (
    LABELS,
    Quick,
    QuickPeriod,
    find_quick_period,
    quick_periods,
)
from paykassma_admin.lists.tables import PAGE_SIZES, Sorting
from paykassma_admin.periods import Period, today

QUERY_HELP = _(
    "Conditions as field:value, for example {example}. A space means “and”, a comma “or”, a hyphen"
    " before it “not”; a..b is a range. Put values with spaces in quotes."
)
DAYS = "days"  # the parameter of a period by name, which other dates are of each day
EMPTY: tuple[object, ...] = (None, "", [])  # an hour of 0 is not

BESIDE_CONDITIONS = frozenset({"seen"})  # transactions/proof/seen.py
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
        """Return the one with the days that are shown; on the 30th two have the same."""
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
        said = [*self._parameters_except("page", *dates, *changes)]
        said += [(name, value) for name, value in changes.items() if value is not None]
        path: str = self.request.path
        return f"{path}?{query_string(said)}" if said else path

    def _parameters_except(self, *names: str) -> Iterator[tuple[str, str]]:
        for name, values in self.request.GET.lists():
            if name not in names:
                yield from ((name, value) for value in values)


class QueryField(forms.CharField):
    widget = forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"})


class QueryFilter(SharedFieldMixin, django_filters.Filter):
    field_class = QueryField


def query_filter(fields: QueryFields) -> QueryFilter:
    """Return the field of a query, whose help has an example that this list accepts."""
    help_text = format_lazy(QUERY_HELP, example=fields.example)
    return QueryFilter(label=_("Query"), help_text=help_text)


class ListFilterSet(PeriodFilterSet):
    q: QueryFilter  # of its own fields
    query_fields: QueryFields  # what a query may say in this list
    form_fields = (*PeriodFilterSet.form_fields, PARAMETER)

    @abstractmethod
    def compute_totals(self) -> RowCount:
        """Return the totals of all matching rows. Raise RowLimitExceeded."""

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        arranged, self.mistakes = self.arrange(data, kwargs["request"])
        super().__init__(arranged, **kwargs)

    @classmethod
    def arrange(
        cls, data: QueryDict | None, request: Any
    ) -> tuple[QueryDict | None, list[Mistake]]:
        """Return the address with what its parameters can say of the query moved into them."""
        text = data.get(PARAMETER, "").strip() if data else ""
        if not data or not text or len(data.getlist(PARAMETER)) > 1:
            return data, []
        arranged, choices = changeable(data), ChoiceWords(cls.base_filters, request)
        rest, mistakes = cls.query_fields.arrange(text, arranged, choices)
        if mistakes:
            return data, mistakes
        arranged.pop(PARAMETER)
        if rest:
            arranged[PARAMETER] = rest
        return arranged, []

    @cached_property
    def form(self) -> FilterForm:
        form = cast(FilterForm, super().form)
        if self.mistakes:
            form.full_clean()
            for mistake in self.mistakes:
                form.add_error(PARAMETER, mistake.sentence)
        return form

    @property
    def moved_address(self) -> str | None:
        """Return the address that says the same by its parameters, unless this one does."""
        given = self.request.GET
        if self.mistakes or not given.get(PARAMETER):
            return None
        arranged, _mistakes = self.arrange(given, self.request)
        if arranged is None or arranged == given:
            return None
        path: str = self.request.path
        return f"{path}?{arranged.urlencode()}" if arranged else path

    @cached_property
    def totals(self) -> RowCount:
        """Totals of all rows; where there are none, of identifiers as the rows spell them."""
        try:
            totals = self.compute_totals()
            return self.compute_totals() if not totals.count and self.respell() else totals
        except RowLimitExceeded as error:
            return AtLeast(error.most)

    def respell(self) -> bool:
        """Replace identifiers by the spelling that the rows have; return whether one changed.

        What the rows have as typed stays, even if those rows are of other days.
        """
        chosen = self.form.cleaned_data
        spelled = {name: self._stored_spelling(name, chosen[name]) for name in self._identifiers()}
        if all(chosen[name] == text for name, text in spelled.items()):
            return False
        chosen.update(spelled)
        for answer in {"selection", "_qs"} & self.__dict__.keys():
            delattr(self, answer)
        return True

    def _identifiers(self) -> Iterator[str]:
        for name, field in self.form.fields.items():
            if isinstance(field, IdentifierField) and self.form.cleaned_data.get(name):
                yield name

    def _stored_spelling(self, name: str, text: str) -> str:
        return str(self.queryset.stored_spelling(self.filters[name].field_name, text))

    page = WholeNumberFilter(
        label=_("Page"), min_value=1, max_value=LAST_PAGE, error_messages=NO_SUCH_PAGE
    )
    per_page = ChoiceFilter(
        label=_("Rows on a page"), choices=[(str(size), str(size)) for size in PAGE_SIZES]
    )

    not_conditions = frozenset({"page", "per_page"})
    chips_together: frozenset[str] = frozenset({PARAMETER, DAYS})  # fields that have no chip each

    @property
    def saveable_query(self) -> str:
        """Return the query string that offers this list's conditions to be saved, if it has any."""
        said = query_string(self._parameters_except("page", "per_page"))
        name = self.request.resolver_match.view_name if self.request.resolver_match else ""
        return query_string([("list", name), ("query", said)]) if said else ""

    @property
    def sortings(self) -> dict[str, Sorting]:
        return {}

    @property
    def address_with_default_page_size(self) -> str:
        return self.address_with(per_page=None)

    @property
    def changes_to_no_days(self) -> dict[str, str | None]:
        """Take the days off the query, too: they would set the period again."""
        text = self.form.cleaned_data[PARAMETER]
        rest = self.query_fields.print_without_days(text)
        changes = super().changes_to_no_days
        return changes if rest == text else changes | {PARAMETER: rest or None}

    @cached_property
    def chips(self) -> list[Chip]:
        return [*self.field_chips(), *self.term_chips]

    def field_chips(self) -> Iterator[Chip]:
        return filter_chips(self)

    def term_conditions(self, rows: Any) -> list[Q]:
        return self.query_fields.conditions(rows, self.form.cleaned_data[PARAMETER], self.zone)

    @property
    def term_chips(self) -> list[Chip]:
        text = self.form.cleaned_data[PARAMETER]
        choices = ChoiceWords(self.base_filters, self.request)
        return [
            Chip(f"term-{place}", label, words, self.address_with(q=rest or None), (PARAMETER,))
            for place, (label, words, rest) in enumerate(self.query_fields.words(text, choices))
        ]

    @property
    def suggestions(self) -> list[Suggestion]:
        everything = (_("Show all days"), self.address_with(date_from="", date_to=""))
        return super().suggestions + ([] if self.period.is_unbounded else [everything])

    @property
    def has_exact_text(self) -> bool:
        fields = self.form.fields
        return any(isinstance(fields.get(c.name), IdentifierField) for c in self.chips)

    def is_default(self, field: forms.BoundField) -> bool:
        value = self.form.cleaned_data[field.name]
        if field.name in self.default_days:
            return bool(value == self.default_days[field.name])
        return value in EMPTY

    @property
    def page_number(self) -> int:
        return self.form.cleaned_data["page"] or 1

    @property
    def page_size(self) -> int:
        return int(self.form.cleaned_data["per_page"] or self.request.user.page_size)

    @property
    def pages_address(self) -> str:
        return f"?{query_string([*self.parameters_except_page, ('page', '')])}"

    @property
    def parameters_except_page(self) -> list[tuple[str, str]]:
        return list(self._parameters_except("page"))

    @property
    def may_be_exported(self) -> bool:
        """Return whether the conditions are right: page and page size do not matter to a file."""
        return set(self.form.errors) <= self.not_conditions

    @property
    def query_of_all_pages(self) -> str:
        """Return the conditions, with the days that are the default, as "label=x&date_from=…"."""
        said = ((name, values) for name, values in self.data.lists() if name != "page")
        return query_string((name, value) for name, values in said for value in values)

    @property
    def has_only_page_error(self) -> bool:
        return list(self.form.errors) == ["page"]

    @property
    def first_page(self) -> str:
        return self.address_with()

    @property
    def error_fields(self) -> list[forms.BoundField]:
        """Leave out a wrong page, which the place of the list reports."""
        return [] if self.has_only_page_error else super().error_fields


def changeable(data: QueryDict | None) -> QueryDict:
    """Return a copy, in a tenth of the time of QueryDict.copy()."""
    copy = QueryDict(mutable=True)
    for name, values in data.lists() if data else ():
        copy.setlist(name, [*values])
    return copy
