"""The fields of a query for accumulations."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from paykassma_admin.lists.query.days import DayField
from paykassma_admin.lists.query.fields import Flag, FlagField, TextField
from paykassma_admin.lists.query.query import QueryFields
from paykassma_admin.lists.query.ranges import AmountField


class CurrencyCodeField(forms.RegexField):
    def __init__(self) -> None:
        no_code = {"invalid": _("Write the code of the currency, as in INR.")}
        super().__init__("^[A-Z]{3}$", error_messages=no_code, required=False)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


ACCUMULATION_FIELDS = QueryFields(
    TextField(
        name="label",
        names=pgettext_lazy("query field", "label user"),
        label=_("Label"),
        parameter="label",
        column="label",
    ),
    TextField(
        name="id",
        names=pgettext_lazy("query field", "number"),
        label=_("ID"),
        parameter="number",
        column="number",
    ),
    FlagField(
        name="has",
        names=pgettext_lazy("query field", "with"),
        label=pgettext_lazy("query", "Has"),
        opposite="no",
        opposites=pgettext_lazy("query field", "without"),
        opposite_label=pgettext_lazy("query", "No"),
        flags=(Flag("label", pgettext_lazy("query", "label"), _("Label"), ~Q(label="")),),
    ),
    AmountField(
        name="amount",
        names=pgettext_lazy("query field", "sum"),
        label=_("Accumulated amount"),
        column="amount",
    ),
    TextField(
        name="currency",
        names=pgettext_lazy("query field", "arrival-currency"),
        label=_("Currency"),
        parameter="",
        form_field=CurrencyCodeField(),
        match=lambda _rows, code: Q(currency=code),
    ),
    DayField(
        name="formed",
        names=pgettext_lazy("query field", "date day"),
        label=_("Date formed"),
        column="formed_at",
        bounds=("date_from", "date_to"),
    ),
    example=pgettext_lazy("query", "label:user-7* amount:>5000 formed:7d"),
)
