import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.sessions import SessionStore
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
        """Sign in now by password, an administrator by a second factor, too.

        The session is the one that a sign-in leaves; the audit log has no event of it.
        """
        session = SessionStore(get_random_string(32, VALID_KEY_CHARS))
        session.create_model_instance(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                "origin": {"at": timezone.now().isoformat(), "address": "", "browser": ""},
            }
            | proof(user, at=time.time(), method=own_method(user))
        ).save(force_insert=True)
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def sign_in(self, user):
        """Sign in as the page does it: with the event, and the time of the last sign-in."""
        super().force_login(user)
        self.prove(user, at=time.time(), method=own_method(user))

    def prove_long_ago(self, user):
        self.prove(user, at=time.time() - 301, method=own_method(user))

    def prove(self, user, *, at, method="mfa"):
        session = self.session
        session.update(proof(user, at=at, method=method))
        session.save()


def own_method(user):
    return "mfa" if user.is_staff else "password"


def proof(user, *, at, method):
    return {
        _AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user.pk),
        AUTHENTICATION_METHODS_SESSION_KEY: [{"method": method, "at": at}],
    }
