from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext as _

from paykassma_admin.formats import DASH, slot
from paykassma_admin.lists.choices import flatten_choices


@dataclass(frozen=True)
class Chip:
    name: str
    label: str
    value: str
    without: str  # address of the same list, this condition taken off
    sets: tuple[str, ...]  # the fields that this address is to empty


DAYS = ("date_from", "date_to")


class Filters(Protocol):
    form: Any
    not_conditions: frozenset[str]
    chips_together: frozenset[str]

    @property
    def period_in_words(self) -> str: ...
    @property
    def changes_to_no_days(self) -> dict[str, str | None]: ...
    def is_default(self, field: forms.BoundField) -> bool: ...
    def address_with(self, **changes: str | None) -> str: ...


def filter_chips(filters: Filters) -> Iterator[Chip]:
    """Yield one chip for each condition of a valid form that differs from its default.

    The two days share one: a single day would not tell the period.
    """
    if not all(filters.is_default(filters.form[name]) for name in DAYS):
        changes = filters.changes_to_no_days
        without = filters.address_with(**changes)
        yield Chip("period", _("Period"), filters.period_in_words, without, tuple(changes))
    apart = {*DAYS, *filters.not_conditions, *filters.chips_together}
    for field in filters.form:
        if field.name not in apart and not filters.is_default(field):
            without = filters.address_with(**{field.name: None})
            value = value_text(field, filters)
            yield Chip(field.name, str(field.label), value, without, (field.name,))


def value_text(field: forms.BoundField, filters: Filters) -> str:
    value = filters.form.cleaned_data[field.name]
    if isinstance(field.field, forms.ChoiceField):
        labels = dict(flatten_choices(field.field.choices))
        chosen = dict.fromkeys(value) if isinstance(value, list) else [value]
        return ", ".join(str(labels[each]) for each in chosen)
    if value is None:
        return DASH
    return slot(value) if isinstance(value, date) else str(value)
