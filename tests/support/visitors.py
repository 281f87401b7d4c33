"""Browsers of visitors, signed in by a short cut."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from tests.support.factories import worker


def look_at(browser, client):
    """Impersonate as an administrator does on the Client's page of the back office.

    Afterwards the test is web again, as it is in a transaction of its own.
    """
    with worker():
        return browser.post(
            f"/admin/clients/client/{client.pk}/change/",
            {"CHANGE_FORM-action": "impersonate", "_selected_action": client.pk},
        )


class Browser(Client):
    def force_login(self, user, backend=None):
        """Sign in now by password, an administrator by a second factor, too."""
        super().force_login(user, backend)
        self.prove(user, at=time.time(), method="mfa" if user.is_staff else "password")

    def prove_long_ago(self, user):
        """Sign in longer ago than sensitive actions accept."""
        self.prove(user, at=time.time() - 301, method="mfa" if user.is_staff else "password")

    def prove(self, user, *, at, method="mfa"):
        """Record authentication as allauth does in a session."""
        session = self.session
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": at}]
        session.save()
