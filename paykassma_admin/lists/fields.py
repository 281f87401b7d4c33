import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from paykassma_admin.lists.choices import CachedChoices, Choices, ClientChoices, flatten_choices
from paykassma_admin.lists.fingerprints import set_fingerprint
from paykassma_admin.periods import DAY
from paykassma_admin.values import amounts, identifiers
from paykassma_admin.values.identifiers import BadIdentifier

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
MINUTE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
MOMENT = re.compile(rf"{MINUTE.pattern}(:[0-9]{{2}}(\.[0-9]{{3}})?)?")
MAX_TEXT_LENGTH = 190
EXACT_TEXT_HELP = _(
    "The whole of it, as it is written; or its beginning and “*”, as in “abc*”. “\\*” at the end"
    " asks for the star itself."
)
PREFIX_CHARACTERS = 3
NO_AMOUNT = _("Write the amount as 4750 or 4750.50, without commas between thousands.")
LAST_PAGE = 1_000_000_000

ALL = pgettext_lazy("every choice", "All")
NO_SUCH_CHOICE = {"invalid_choice": _("Choose one of the list.")}
NO_SUCH_PAGE = dict.fromkeys(
    ("invalid", "min_value", "max_value"), _("Pages are numbered from 1 on.")
)


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("This is not a date. Write it as 2026-11-24.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)
        outside = _("Choose a date from 2000 to 2099.")
        self.validators += [
            MinValueValidator(FIRST_DAY, message=outside),
            MaxValueValidator(LAST_DAY, message=outside),
        ]

    def strptime(self, value: str, format: str) -> date:
        """Parse only YYYY-MM-DD; Python reads more. Raise ValueError, which says "invalid"."""
        if not DAY.fullmatch(value):
            raise ValueError(value)
        return super().strptime(value, format)


class MinuteField(forms.CharField):
    """A minute of the Client's clock, which may leave it out or show it twice."""

    pattern = MINUTE

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self._parse(text)
        except ValueError:
            sentence = _("This is not a moment. Write it as 2026-11-24T14:05.")
            raise forms.ValidationError(sentence) from None

    def _parse(self, text: str) -> datetime:
        if not self.pattern.fullmatch(text):
            raise ValueError(text)
        at = datetime.fromisoformat(text)
        if not FIRST_DAY <= at.date() <= LAST_DAY:
            raise forms.ValidationError(_("Choose a date from 2000 to 2099."))
        return at


class MomentField(MinuteField):
    """A minute, or to the millisecond what another page has written down."""

    pattern = MOMENT


class CleanIdentifierField(forms.CharField):
    is_number = False

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return identifiers.clean(text, is_number=self.is_number)
        except BadIdentifier as error:
            raise forms.ValidationError(error.sentence) from None


class KnownNumberField(CleanIdentifierField):
    is_number = True


class IdentifierField(CleanIdentifierField):
    """A whole identifier, or a prefix of at least three characters and "*"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TEXT_LENGTH, **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if identifiers.is_prefix(text) and len(text) <= PREFIX_CHARACTERS:
            raise forms.ValidationError(_("Write at least three characters before “*”."))
        return text


class AmountField(forms.CharField):
    """An amount that may be zero, typed as lists and files show it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # no text
        text = super().to_python(value)
        try:
            return amounts.parse(text) if text else None
        except amounts.BadAmount:
            raise forms.ValidationError(NO_AMOUNT) from None


def query_values(address: QueryDict, name: str) -> list[str]:
    """Return all values of a parameter, repeated or joined by commas."""
    return [each for value in address.getlist(name) for each in value.split(",") if each]


class JoinedSelect(forms.Select):
    """A drop-down of one choice, which shows several from the address as one more."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return query_values(data, name)

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


class SharedFieldMixin:
    """A filter whose field all filter sets share; django-filter makes one for each."""

    extra: dict[str, Any]

    def __deepcopy__(self, memo: object) -> Self:
        self.make_field()
        own = object.__new__(type(self))  # copy() takes four times as long, and there are many
        vars(own).update(vars(self), extra=self.extra.copy())
        return own

    def make_field(self) -> None:
        self.field  # type: ignore[attr-defined]  # noqa: B018  # makes it


class DayFilter(SharedFieldMixin, django_filters.Filter):
    field_class = DayField


class MinuteFilter(SharedFieldMixin, django_filters.Filter):
    field_class = MinuteField


class IdentifierFilter(SharedFieldMixin, django_filters.Filter):
    field_class = IdentifierField


class WholeNumberFilter(SharedFieldMixin, django_filters.Filter):
    field_class = forms.IntegerField


class AmountFilter(SharedFieldMixin, django_filters.Filter):
    field_class = AmountField


class RequestChoicesMixin(SharedFieldMixin):
    """A filter whose `choices` may be a function of the request."""

    parent: Any
    field_name: str

    def __init__(self, *, choices: Choices | CachedChoices, **kwargs: Any) -> None:
        super().__init__(error_messages=NO_SUCH_CHOICE, **kwargs)  # type: ignore[call-arg]  # the filter's
        self.choices = choices

    def make_field(self) -> None:
        if not callable(self.choices):
            super().make_field()

    @property
    def field(self) -> forms.Field:
        self.extra["choices"] = offered = self._current_choices()
        field: forms.Field = super().field  # type: ignore[misc]  # the filter's that this is mixed in
        if isinstance(offered, ClientChoices):
            set_fingerprint(field, offered.digest)
        return field

    def _current_choices(self) -> Choices:
        if not callable(self.choices):
            return self.choices
        offered = self.choices(self.parent.request)
        chosen = query_values(self.parent.data, self.field_name)
        if not chosen or {str(value) for value, _label in flatten_choices(offered)}.issuperset(
            chosen
        ):
            return offered
        return self.choices(self.parent.request, fresh=True)


class ChoiceFilter(RequestChoicesMixin, django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"empty_label": ALL} | kwargs)


class MultiChoiceFilter(RequestChoicesMixin, django_filters.MultipleChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=JoinedSelect, **kwargs)
