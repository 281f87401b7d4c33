import base64
import logging
import secrets
from datetime import datetime, timedelta
from hmac import compare_digest
from math import ceil
from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.http import TenantRequest
from accounts.mfa.encryption import encryption
from accounts.mfa.second_factor import has_recent_proof, is_required
from accounts.models import User
from accounts.preferences import recall_preferences
from accounts.sign_in.lockout import Attempt, LockedOut, clear_failures
from accounts.sign_in.security_events import TOO_MANY, record_passkey_of_switched_off
from audit.client_ip import browser_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

log = logging.getLogger(__name__)

BEGUN = "begun_with"  # the hash of the password, in the session, between the steps of a sign-in
# To confirm who it is, by allauth's names.
WAYS = {
    "reauthenticate": _("With the password"),
    "mfa_reauthenticate": _("With a code"),
    "mfa_reauthenticate:webauthn": _("With a passkey"),
}

ATTEMPTS_PAUSED = ngettext_lazy(
    "Too many wrong attempts. Try again in %(minutes)d minute, or ask your administrator.",
    "Too many wrong attempts. Try again in %(minutes)d minutes, or ask your administrator.",
    "minutes",
)
CODES_PAUSED = ngettext_lazy(
    "Too many wrong codes. Try again in %(minutes)d minute, or ask your administrator.",
    "Too many wrong codes. Try again in %(minutes)d minutes, or ask your administrator.",
    "minutes",
)


def pause_error(sentence: "_StrPromise", until: datetime) -> ValidationError:
    minutes = ceil((until - timezone.now()) / timedelta(minutes=1))
    return ValidationError(sentence, code=TOO_MANY, params={"minutes": max(minutes, 1)})


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from an administrator: no sign-up, and no e-mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Wrong login or password. Check both and try again."),
        "incorrect_password": _("Wrong password. Check it and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the user; a switched-off one is treated as unknown."""
        attempt = self.begin_attempt(request, credentials["username"])
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not is_unchanged(user):
            return None
        attempt.succeed()
        return user

    def begin_attempt(self, request: HttpRequest, login: str) -> Attempt:
        try:
            return Attempt.begin(request, login)
        except LockedOut as locked:
            raise pause_error(ATTEMPTS_PAUSED, locked.until) from None

    def code_pause_error(self, until: datetime) -> ValidationError:
        return pause_error(CODES_PAUSED, until)

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        request.session[BEGUN] = user.get_session_auth_hash()
        response: HttpResponse | None = super().pre_login(request, user, **more)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """Refuse if the password was changed or the user switched off since the first step."""
        begun = request.session.pop(BEGUN, "")
        if not user.is_active or not compare_digest(begun, user.get_session_auth_hash()):
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        clear_failures(request, user.get_username())
        recall_preferences(request, response, user)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Answer a switched-off user's passkey like an unknown one."""
        record_passkey_of_switched_off(cast(TenantRequest, request), user)
        return redirect("account_login")

    def is_reauthentication_required(self, **about: Any) -> bool:
        return not has_recent_proof(context.request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        return [
            way | {"description": WAYS[way["id"]]}
            for way in super().get_reauthentication_methods(user)
        ]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add none: signing in and out are visible by themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send none: accounts have no address."""


def is_unchanged(user: User) -> bool:
    """Return whether the password is still the same after hashing, which holds no lock."""
    return User.objects.filter(pk=user.pk, is_active=True, password=user.password).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Wrong code. Check it, or wait for the next one."),
        "cannot_delete_authenticator": _(
            "Your last second factor cannot be removed: one is required. Set up another first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return encryption().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a random secret, which no code fits, if the key of that time is gone."""
        try:
            return encryption().decrypt(encrypted_text).decode()
        except InvalidToken:
            log.error("A second factor's secret key is not in SECRET_KEY_FALLBACKS: no code opens.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        has_another = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return has_another or not is_required(user, context.request.client)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return browser_name(context.request)
