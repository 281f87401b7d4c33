from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from django.utils.translation import pgettext_lazy


class SignInForm(LoginForm):
    """Login and password. What cannot be a login or a password is simply a wrong one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = pgettext_lazy("sign-in", "Login")
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
            "class": "form-control",
        }
        self.fields["password"].label = pgettext_lazy("sign-in", "Password")
        self.fields["password"].widget.attrs = {
            "autocomplete": "current-password",
            "class": "form-control",
        }

    def clean(self) -> dict[str, Any]:
        if self.is_impossible():
            self.errors.clear()
            raise get_adapter().validation_error("username_password_mismatch")
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def is_impossible(self) -> bool:
        """Too long, or with a NUL byte: anything but left empty."""
        return any(
            error.code != "required"
            for errors in self.errors.as_data().values()
            for error in errors
        )
