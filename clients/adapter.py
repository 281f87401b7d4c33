from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clients.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from an administrator: there is no sign-up, and no pages about e-mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Wrong login or password. Check both and try again."),
        "too_many_login_attempts": _("Too many attempts to sign in. Try again in five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A switched-off user is answered like one who does not exist."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out are seen by themselves."""
