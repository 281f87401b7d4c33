"""Forms of passwords, codes and passkeys: allauth's, with every attempt counted."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from allauth.mfa.webauthn.internal.auth import get_state
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.mfa.code_pauses import CodesPaused, count_code, forget_wrong_codes
from accounts.mfa.passkey_challenge import use_up_challenge
from accounts.models import User

USED = "used_codes"
MOST_USED = 3  # as many as are valid at a time
LONGEST_CREDENTIAL = 20_000
COLUMNS_OF_A_PASSWORD = ("password", "must_change_password", "is_demo")
# What the library raises of it: RuntimeError where it is nested too deep, struct.error where short.
UNREADABLE = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
)
ONE_TIME = {
    "class": "form-control",
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
    "autofocus": True,
}


class CredentialField(forms.JSONField):
    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            said = super().to_python(value)
        except (RecursionError, ValueError):  # too deep, or a number of 5,000 digits
            said = None
        if value and not isinstance(said, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return said


@contextmanager
def reject_unreadable() -> Iterator[None]:
    """Turn the library's failures over an unreadable credential into a wrong code."""
    try:
        yield
    except UNREADABLE:
        raise get_factor_adapter().validation_error("incorrect_code") from None


class PasskeyMixin(forms.Form):
    def clean_credential(self) -> Authenticator:
        with reject_unreadable():
            return super().clean_credential()  # type: ignore[misc]  # allauth's


class CodeMixin(forms.Form):
    """Count codes by account, and take a code of the app once across all processes."""

    user: User
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Authenticator code or recovery code")
        self.fields["code"].widget.attrs = ONE_TIME

    def clean_code(self) -> str:
        try:
            count_code(self.user)
        except CodesPaused as paused:
            raise get_adapter().code_pause_error(paused.until) from None
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's
        use_code(self.authenticator, code)
        forget_wrong_codes(self.user)
        return code


def use_code(authenticator: Authenticator, code: str) -> None:
    """Mark a code of the authenticator app as used. Raise ValidationError if it was used before.

    Django-allauth remembers used codes, but each process its own.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return
    code, used = normalize_user_code(code), authenticator.data.get(USED, [])
    if code in used:
        raise get_factor_adapter().validation_error("incorrect_code")
    authenticator.data[USED] = [code, *used][:MOST_USED]
    authenticator.save(update_fields=["data"])


class SecondStepForm(CodeMixin, codes.AuthenticateForm):
    pass


class SecondStepPasskeyForm(PasskeyMixin, passkeys.AuthenticateWebAuthnForm):
    credential = CredentialField()


class PasskeySignInForm(PasskeyMixin, passkeys.LoginWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        state = get_state() or {}
        authenticator = super().clean_credential()
        if not use_up_challenge(authenticator, state["challenge"]):
            raise get_factor_adapter().validation_error("incorrect_code")
        return authenticator


class ConfirmPasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {
            "class": "form-control",
            "autocomplete": "current-password",
            "autofocus": True,
        }


class ConfirmCodeForm(CodeMixin, codes.ReauthenticateForm):
    pass


class ConfirmPasskeyForm(PasskeyMixin, passkeys.ReauthenticateWebAuthnForm):
    credential = CredentialField()


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].widget.attrs = ONE_TIME | {"inputmode": "numeric"}


class PasskeyForm(passkeys.AddWebAuthnForm):
    passwordless = None
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        with reject_unreadable():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class NewPasswordForm(PasswordChangeForm):
    error_messages = PasswordChangeForm.error_messages | {
        "password_incorrect": _("Wrong password. Check it and try again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Current password")
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-control"}
        if not self.user.has_usable_password():  # an administrator has removed it
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        attempt = get_adapter().begin_attempt(context.request, self.user.get_username())
        password: str = super().clean_old_password()
        attempt.succeed()
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse the current password as the new one only if it was also given as current."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("old_password") and cleaned["old_password"] == cleaned.get("new_password1"):
            same = ValidationError(_("This is your current password."), code="same")
            self.add_error("new_password1", same)
        return cleaned

    def save(self, commit: bool = True) -> User:
        """Save the password, unless another was set or the user switched off while it was hashed.

        Raise ValidationError, or PermissionDenied if there is no such active user any more.
        """
        user: User = self.user
        rows = User.objects.filter(pk=user.pk, is_active=True)
        unchanged = rows.filter(password=user.password)
        user.must_change_password = user.is_demo = False
        super().save(commit=False)
        columns = {name: getattr(user, name) for name in COLUMNS_OF_A_PASSWORD}
        if unchanged.update(**columns):
            return user
        if not rows.exists():
            raise PermissionDenied
        wrong = self.error_messages["password_incorrect"]
        raise ValidationError({"old_password": wrong}, code="password_incorrect")
