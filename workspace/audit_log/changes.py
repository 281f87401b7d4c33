"""Rows that the back office has changed, in words: their names, and each field before and after."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, DateTimeField, DecimalField, Field, Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import override, pgettext_lazy

from paykassma_admin import formats

ARROW = " → "  # between what a field held before and after
TOLD_BY_NAME = {  # names of fields whose values are not recorded, and of new and deleted rows
    "added": pgettext_lazy("fields", "Added"),
    "changed": pgettext_lazy("fields", "Changed"),
    "deleted": pgettext_lazy("fields", "Deleted"),
}
YES_NO = {"true": pgettext_lazy("a field", "yes"), "false": pgettext_lazy("a field", "no")}


def change_sentences(target: str, details: Mapping[str, Any]) -> Iterator[str]:
    """Yield "Is active: yes → no"; the database keeps no order of keys, the model's is taken."""
    fields = fields_of(target.partition(" ")[0])
    places = {name: place for place, name in enumerate([*TOLD_BY_NAME, *fields])}
    for name in sorted(details, key=lambda each: places.get(each, len(places))):
        value = str(details[name])
        if name in TOLD_BY_NAME:
            yield f"{TOLD_BY_NAME[name]}: {field_names_in_words(value)}"
        elif name in fields:
            label = capfirst(str(fields[name].verbose_name))
            yield f"{label}: {change_in_words(fields[name], value)}"
        else:
            yield f"{name}: {value}"


def change_in_words(field: Field[Any, Any], change: str) -> str:
    before, arrow, after = change.partition(ARROW)
    return arrow.join(value_in_words(field, each) for each in (before, after)) if arrow else change


def value_in_words(field: Field[Any, Any], stored: str) -> str:
    if not stored:
        return formats.DASH
    if isinstance(field, BooleanField):
        return str(YES_NO.get(stored, stored))
    if isinstance(field, DateTimeField):
        return moment_in_words(stored)
    if isinstance(field, DecimalField):
        return read_or_keep(stored, lambda text: formats.rate(Decimal(text)))
    if field.name == "country":
        return formats.country_name(stored)
    return str(dict(field.flatchoices).get(stored, stored))


def moment_in_words(stored: str) -> str:
    return read_or_keep(stored, lambda text: formats.moment(datetime.fromisoformat(text)))


def read_or_keep(stored: str, read: Callable[[str], str]) -> str:
    """Return the text as it is where it was cut, or is of a field that was of another type."""
    try:
        return read(stored)
    except (InvalidOperation, ValueError):
        return stored


def changed_row_in_words(target: str) -> str:
    """Return "Wallet 777" for "wallet 777"."""
    model, _space, row = target.partition(" ")
    if model not in models_by_name():
        return target
    name = capfirst(str(models_by_name()[model]._meta.verbose_name))
    row_in_words = ROWS_IN_WORDS.get(model)
    return f"{name} {row_in_words(row) if row_in_words else row}"


def status_in_words(row: str) -> str:
    """Return "bKash · Activated" for "bKash · activated"."""
    system, dot, status = row.rpartition(" · ")
    return f"{system}{dot}{value_in_words(fields_of('paymentsystemstatus')['status'], status)}"


def balance_in_words(row: str) -> str:
    """Return "bKash · 56.00 EUR · 24 Nov 2026 14:02:51" for "bKash · 56 EUR · 2026-11-24T…"."""
    system, _dot, rest = row.partition(" · ")
    amount, _dot, as_of = rest.partition(" · ")
    plain, _space, currency = amount.partition(" ")
    shown = read_or_keep(plain, lambda text: formats.money(Decimal(text), currency))
    return " · ".join(filter(None, [system, shown, moment_in_words(as_of)]))


ROWS_IN_WORDS = {"balance": balance_in_words, "paymentsystemstatus": status_in_words}


def field_names_in_words(listed: str) -> str:
    names = field_names()
    return ", ".join(str(names.get(capfirst(each), each)) for each in listed.split(", "))


@cache
def models_by_name() -> Mapping[str, type[Model]]:
    return {str(model._meta.model_name): model for model in apps.get_models()}


def fields_of(model_name: str) -> Mapping[str, Field[Any, Any]]:
    model = models_by_name().get(model_name)
    return {field.name: field for field in model._meta.fields} if model else {}


@cache
def field_names() -> Mapping[str, str | Promise]:
    """Return names of fields by their English ones, capitalised as stock admin has them."""
    fields = [field for model in apps.get_models() for field in model._meta.fields]
    with override(None):
        return {capfirst(str(field.verbose_name)): field.verbose_name or "" for field in fields}
