from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from paykassma_admin.lists.fields import MAX_TEXT_LENGTH
from search.numbers import MAX_NUMBERS, pasted_numbers

MAX_PASTED_LENGTH = 8_000
TOO_LONG = _("This is too long for one search: a text may have 190 characters.")
TOO_MANY_NUMBERS = _(
    "These are more than %(most)s numbers. Look them up in several parts, each of %(most)s at most."
)
CONTROL_CHARACTER = _("There is a control character in this text. Type it again, without it.")


class SearchForm(forms.Form):
    q = forms.CharField(required=False)

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if any((sign < " " and sign not in "\t\r\n") or sign == "\x7f" for sign in text):
            raise ValidationError(CONTROL_CHARACTER)
        numbers = pasted_numbers(text)
        if len(numbers) > MAX_NUMBERS:
            raise ValidationError(TOO_MANY_NUMBERS % {"most": MAX_NUMBERS})
        if len(text) > (MAX_PASTED_LENGTH if numbers else MAX_TEXT_LENGTH):
            raise ValidationError(TOO_LONG)
        return text

    @property
    def text(self) -> str:
        """Return the text as it was typed, also a wrong one."""
        typed: Any = self["q"].value()
        return str(typed or "")
