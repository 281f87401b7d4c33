from django import forms
from django.utils.translation import gettext_lazy as _

WALLET_TYPE_LENGTH = 190


class BalanceForm(forms.Form):
    """Any text is taken: a type that the Client does not have is an answer, not an error."""

    wallet_type = forms.CharField(
        label=_("Wallet type"),
        max_length=WALLET_TYPE_LENGTH,
        error_messages={"required": _("Write a wallet type, as in “dusupay”.")},
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "list": "wallet-types",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
