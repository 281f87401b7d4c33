"""The fields that filter forms are made of: days, texts, choices."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
LONGEST_TEXT = 190
EXACTLY = _("The whole of it, as it is written; or its beginning and “*”, as in “abc*”.")
PREFIX_CHARACTERS = 3
LAST_PAGE = 1_000_000_000

type Choices = Iterable[tuple[Any, Any]]  # (value, label), or (heading, its choices)

ALL = pgettext_lazy("every choice", "All")
NO_SUCH_CHOICE = {"invalid_choice": _("Choose one of the list.")}
NO_SUCH_PAGE = dict.fromkeys(
    ("invalid", "min_value", "max_value"), _("Pages are numbered from 1 on.")
)


class DayField(forms.DateField):
    """A day as the browser's own calendar writes it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("This is not a date. Write it as 2026-11-24.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)
        outside = _("Choose a date from 2000 to 2099.")
        self.validators += [
            MinValueValidator(FIRST_DAY, message=outside),
            MaxValueValidator(LAST_DAY, message=outside),
        ]


class IdentifierField(forms.CharField):
    """An identifier, exactly; or its beginning of at least three characters and "*"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text.endswith("*") and len(text) <= PREFIX_CHARACTERS:
            raise forms.ValidationError(_("Write at least three characters before “*”."))
        return text


class JoinedSelect(forms.Select):
    """A drop-down of one choice. Several, from the address, stand there as one more choice."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [part for value in data.getlist(name) for part in value.split(",") if part]

    def format_value(self, value: Any) -> list[str]:
        return [",".join(str(part) for part in value or ())]

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        everything = self.create_option(name, "", str(ALL), value == [""], 0, attrs=attrs)
        groups.insert(0, (None, [everything], 0))
        if "," in value[0]:
            labels = {str(o["value"]): str(o["label"]) for _, options, _ in groups for o in options}
            label = ", ".join(labels.get(part, part) for part in value[0].split(","))
            several = self.create_option(name, value[0], label, True, len(groups), attrs=attrs)
            groups.append((None, [several], len(groups)))
        return groups


class DayFilter(django_filters.Filter):
    field_class = DayField


class IdentifierFilter(django_filters.Filter):
    field_class = IdentifierField


class WholeNumberFilter(django_filters.Filter):
    field_class = forms.IntegerField


class ChoicesOfRequest:
    """`choices` may be a function of the request: it then offers only what the Client has."""

    def __init__(self, *, choices: Choices | Callable[[Any], Choices], **kwargs: Any) -> None:
        super().__init__(error_messages=NO_SUCH_CHOICE, **kwargs)  # type: ignore[call-arg]  # the filter's
        self.choices = choices

    @property
    def field(self: Any) -> forms.Field:
        choices = self.choices
        self.extra["choices"] = list(choices(self.parent.request) if callable(choices) else choices)
        field: forms.Field = super().field  # type: ignore[misc]  # the filter's that this is mixed in
        return field


class ChoiceFilter(ChoicesOfRequest, django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"empty_label": ALL} | kwargs)


class SeveralFilter(ChoicesOfRequest, django_filters.MultipleChoiceFilter):
    """One choice of the drop-down, or several by the address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=JoinedSelect, **kwargs)
