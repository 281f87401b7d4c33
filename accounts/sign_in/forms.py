from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actions import build_user
from clients.models import Client, time_zones


class SignInForm(LoginForm):
    """A form that treats an impossible login or password as a wrong one."""

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
        return any(
            error.code != "required"
            for errors in self.errors.as_data().values()
            for error in errors
        )


def time_zone_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((name, name) for name in sorted(time_zones()))]


class ClientForm(forms.ModelForm[Client]):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    class Meta:
        model = Client
        fields = ["name", "slug", "time_zone", "second_factor_required", "is_active"]


class RegistrationForm(ClientForm):
    owner = forms.CharField(
        label=_("Login of the first owner"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password of the first owner"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    class Meta(ClientForm.Meta):
        fields = ["name", "slug", "time_zone", "second_factor_required"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "owner" in cleaned and "password" in cleaned:
            build_user(cleaned["owner"], cleaned["password"], field="owner")
        return cleaned
