"""Cookies of those who ask."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts import impersonation
from accounts.models import Session
from accounts.sessions import SessionStore
from paykassma_admin.wsgi import application
from tests.hostile.known import CSRF, FORM
from tests.hostile.wire import Asked, ask, encoded
from tests.support.visitors import Browser

AGES = timedelta(days=1)  # longer than a run of a million


def token_alone():
    return {settings.CSRF_COOKIE_NAME: CSRF}


def signed_in(user, lately, looks_at=None):
    browser = Browser()
    browser.force_login(user)
    browser.prove(user, at=timezone.now().timestamp() if lately else 0)
    if looks_at:
        session = browser.session
        until = timezone.now() + impersonation.DURATION
        session[impersonation.SESSION_KEY] = {"client": looks_at.pk, "until": until.isoformat()}
        session.save()
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return token_alone() | {settings.SESSION_COOKIE_NAME: cookie}


def waiting(login, password):
    """After the password, and asked for the second factor: a passkey has a question to sign."""
    sent = [("csrfmiddlewaretoken", CSRF), ("login", login), ("password", password)]
    first = Asked("", "POST", b"/login/", body=encoded(sent).encode(), content_type=FORM)
    https = settings.SERVED_OVER_HTTPS
    answer = ask(application, first, token_alone(), https=https)
    cookies = token_alone() | {name: value for name, value in answer.cookies.items() if value}
    ask(application, Asked("", "GET", b"/login/code/"), cookies, https=https)
    return cookies


def open_elsewhere(name, user):
    """A second session, and how the page calls it. Its key is the same in each run."""
    now = timezone.now()
    key = "".join(filter(str.isalpha, name)).ljust(32, "0")
    session = Session.objects.create(
        session_key=key,
        session_data=SessionStore().encode({}),
        user=user,
        signed_in_at=now,
        seen_at=now,
        expire_date=now + AGES,
        address="198.51.100.7",
        browser="Firefox",
    )
    return session.name
