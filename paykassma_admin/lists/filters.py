"""The filters of a list: its period, its query and its pages."""

from abc import abstractmethod
from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from paykassma_admin.addresses import query_string
from paykassma_admin.lists.chips import Chip, filter_chips
from paykassma_admin.lists.counting import AtLeast, RowCount, RowLimitExceeded
from paykassma_admin.lists.fields import (
    LAST_PAGE,
    NO_SUCH_PAGE,
    ChoiceFilter,
    IdentifierField,
    SharedFieldMixin,
    WholeNumberFilter,
)
from paykassma_admin.lists.period_filters import (
    DAYS,
    EMPTY,
    FilterForm,
    PeriodFilterSet,
    Suggestion,
    changeable,
)
from paykassma_admin.lists.query.choices import ChoiceWords
from paykassma_admin.lists.query.mistakes import Mistake
from paykassma_admin.lists.query.query import PARAMETER, QueryFields
from paykassma_admin.lists.tables import PAGE_SIZES, Sorting

QUERY_HELP = _(
    "Conditions as field:value, for example {example}. A space means “and”, a comma “or”, a hyphen"
    " before it “not”; a..b is a range. Put values with spaces in quotes."
)


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
