"""A text that identifies an empty filter field, cached in fields that serve all requests."""

from collections.abc import Iterable
from typing import cast

from django import forms

from paykassma_admin.cache_keys import exact_text


def fingerprint(field: forms.Field) -> str:
    if "look" not in vars(field):
        choices = field.choices if isinstance(field, forms.ChoiceField) else ()
        set_fingerprint(field, repr([*cast(Iterable[object], choices)]))
    return str(vars(field)["look"])


def set_fingerprint(field: forms.Field, choices: str) -> None:
    said = (field.label, field.help_text, field.required, getattr(field, "empty_label", ""))
    vars(field)["look"] = exact_text((*said, type(field.widget).__name__, choices))
