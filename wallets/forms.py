from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from paykassma_admin import money
from paykassma_admin.filters import FilterForm
from paykassma_admin.import_fields import countries
from wallets.models import Balance

WALLET_TYPE_LENGTH = 190


class BalanceForm(FilterForm):
    """Any text is taken: a type that the Client does not have is an answer, not an error.

    `types`: code and name of each that he has; he may write either, in any case.
    """

    wallet_type = forms.CharField(
        label=_("Wallet type"),
        max_length=WALLET_TYPE_LENGTH,
        error_messages={"required": _("Write a wallet type, as in “dusupay”.")},
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

    def clean_wallet_type(self) -> str:
        """The code of the one type that is meant; where that is open, the text as it is."""
        text: str = self.cleaned_data["wallet_type"]
        written = text.casefold()
        meant = {code for code, name in self.types if written in (code.casefold(), name.casefold())}
        is_code = text in dict(self.types)
        return text if is_code or len(meant) != 1 else meant.pop()


def existing_currency(code: str) -> None:
    if not money.is_known(code):
        sentence = _("“%(value)s” is no currency. Write it as in “INR”.")
        raise ValidationError(sentence, params={"value": code})


def existing_country(code: str) -> None:
    if code not in countries():
        sentence = _("“%(value)s” is no country. Write it as in “IN”.")
        raise ValidationError(sentence, params={"value": code})


def worth_something(usd_rate: Decimal) -> None:
    if usd_rate <= 0:
        raise ValidationError(_("A rate is above zero."))


class ReportForm(forms.ModelForm[Balance]):
    """A balance as a payment system reported it."""

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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        amount, currency = cleaned.get("amount"), cleaned.get("currency")
        if amount is not None and currency and not money.fits(amount, currency):
            raise ValidationError({"amount": _("The currency has fewer places than this amount.")})
        return cleaned
