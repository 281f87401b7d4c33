from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Model
from django.db.models.functions import Upper
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from paykassma_admin.imports.fields import is_future, is_future_day
from paykassma_admin.lists.fields import CleanIdentifierField, KnownNumberField
from paykassma_admin.lists.period_filters import FilterForm
from paykassma_admin.periods import local_day, today
from paykassma_admin.values import money
from paykassma_admin.values.iso_codes import country_fault, currency_fault
from wallets.balances import codes_named
from wallets.models import Balance, ExchangeRate, PaymentSystem, Wallet
from wallets.rates import is_jump, jump_message, nearest_rate

WALLET_TYPE_LENGTH = 190
UTC = ZoneInfo("UTC")


class BalanceRequestForm(FilterForm):
    """Accepts any text: a type that the Client does not have is an answer, not an error.

    `types`: code and name of each wallet type of the Client; either may be typed, in any case.
    """

    wallet_type = CleanIdentifierField(
        label=_("Wallet type"),
        max_length=WALLET_TYPE_LENGTH,
        error_messages={"required": _("Enter a wallet type, such as “dusupay”.")},
        widget=forms.TextInput(
            attrs={
                "list": "wallet-types",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, data: QueryDict | None, *, types: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.types = types


CODES = {"currency": currency_fault, "country": country_fault}


class IsoCodesForm[M: Model](forms.ModelForm[M]):
    """Checks changed currency and country codes; an unchanged one may stay."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, fault_of in CODES.items():
            if name in cleaned and name in self.changed_data:
                fault = fault_of(cleaned[name], self.day(cleaned))
                if fault:
                    self.add_error(name, fault)
        return cleaned

    def day(self, cleaned: dict[str, Any]) -> date:
        return today(UTC)


class PaymentSystemForm(IsoCodesForm[PaymentSystem]):
    class Meta:
        field_classes = {"code": KnownNumberField}

    def clean(self) -> dict[str, Any]:
        """Refuse a new name or code that another has: a balance is requested by either."""
        cleaned = super().clean()
        others = PaymentSystem.objects.exclude(pk=self.instance.pk)
        types = list(others.values_list("code", "name"))
        for field in {"code", "name"} & cleaned.keys() & {*self.changed_data}:
            if taken_by := codes_named(cleaned[field], types):
                sentence = _("This is the name or code of another payment system: %(codes)s.")
                self.add_error(field, sentence % {"codes": ", ".join(taken_by)})
        return cleaned

    def clean_number_ignores_case(self) -> bool:
        ignores: bool = self.cleaned_data["number_ignores_case"]
        if ignores and self.instance.pk and "number_ignores_case" in self.changed_data:
            check_numbers_unique_in_capitals(self.instance)
        return ignores


def check_numbers_unique_in_capitals(system: PaymentSystem) -> None:
    """Raise ValidationError where two transactions would have one number in capitals."""
    rows = system.transaction_set(manager="unscoped")
    in_capitals = rows.order_by().annotate(capitals=Upper("number")).values("wallet", "capitals")
    twice = in_capitals.annotate(count=Count("pk")).filter(count__gt=1).first()
    if twice:
        sentence = _(
            "Regardless of case, %(number)s is the number of several transactions of one wallet."
        )
        raise ValidationError(sentence, params={"number": twice["capitals"]})


class WalletForm(IsoCodesForm[Wallet]):
    class Meta:
        field_classes = {"number": KnownNumberField}


class RateForm(IsoCodesForm[ExchangeRate]):
    accepts_jump = forms.BooleanField(
        label=_("The rate is right"),
        help_text=_("Tick this if a rate is more than ten times off the last one, but right."),
        required=False,
    )

    def clean_usd_rate(self) -> Decimal:
        usd_rate: Decimal = self.cleaned_data["usd_rate"]
        if usd_rate <= 0:
            raise ValidationError(_("A rate must be above zero."))
        return usd_rate

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if is_future_day(day):
            raise ValidationError(
                _("This is later than tomorrow. Choose tomorrow or an earlier day.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if {"currency", "day", "usd_rate"} <= cleaned.keys() and not cleaned["accepts_jump"]:
            near = nearest_rate(cleaned["currency"], cleaned["day"])
            if near and is_jump(cleaned["usd_rate"], near):
                self.add_error("usd_rate", jump_message(cleaned["usd_rate"], near))
        return cleaned

    def day(self, cleaned: dict[str, Any]) -> date:
        return cleaned.get("day") or super().day(cleaned)


class ReportedBalanceForm(IsoCodesForm[Balance]):
    class Meta:
        model = Balance
        fields = [
            "client",
            "payment_system",
            "currency",
            "amount",
            "commission_percent",
            "as_of",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep a stored balance with its Client, whose log has its values."""
        super().__init__(*args, **kwargs)
        if "client" in self.fields:
            self.fields["client"].disabled = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        amount, currency = cleaned.get("amount"), cleaned.get("currency")
        if amount is not None and currency and not money.fits(amount, currency):
            self.add_error("amount", _("The currency has fewer places than this amount."))
        client, as_of = cleaned.get("client"), cleaned.get("as_of")
        if client and as_of and is_future(as_of, client.zone):
            self.add_error(
                "as_of", _("This is later than tomorrow. Enter a time of tomorrow or earlier.")
            )
        return cleaned

    def day(self, cleaned: dict[str, Any]) -> date:
        client, as_of = cleaned.get("client"), cleaned.get("as_of")
        return local_day(as_of, client.zone) if client and as_of else super().day(cleaned)
