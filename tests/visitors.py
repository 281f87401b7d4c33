"""Who comes with a browser, signed in by a short cut as far as he must be."""

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client


class Browser(Client):
    def force_login(self, user, backend=None):
        """An administrator with his second factor; whatever was proved, long ago."""
        super().force_login(user, backend)
        if user.is_staff:
            self.prove(user, at=0)

    def prove(self, user, *, at, method="mfa"):
        """As allauth keeps it in a session."""
        session = self.session
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": at}]
        session.save()
