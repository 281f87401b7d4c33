from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts import impersonation
from accounts.models import Session
from accounts.sessions import SessionStore
from paykassma_admin.wsgi import application
from tests.hostile.values import CSRF, FORM
from tests.hostile.wire import HostileRequest, ask, encode_pairs
from tests.support.visitors import Browser

AGES = timedelta(days=1)  # longer than a run of a million


def token_alone():
    return {settings.CSRF_COOKIE_NAME: CSRF}


def sign_in_cookies(user, lately, looks_at=None):
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


def second_step_cookies(login, password):
    """Return cookies after the password; a passkey has a challenge to sign."""
    sent = [("csrfmiddlewaretoken", CSRF), ("login", login), ("password", password)]
    first = HostileRequest(
        "", "POST", b"/login/", body=encode_pairs(sent).encode(), content_type=FORM
    )
    https = settings.SERVED_OVER_HTTPS
    answer = ask(application, first, token_alone(), https=https)
    cookies = token_alone() | {name: value for name, value in answer.cookies.items() if value}
    ask(application, HostileRequest("", "GET", b"/login/code/"), cookies, https=https)
    return cookies


def open_elsewhere(name, user):
    """Open a second session, with the same key in each run, and return its name."""
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
