"""Sessions: Django's own engine, with their users and time-outs (docs/adr/0021)."""

import re
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.http import TenantRequest
from accounts.models import Session, User
from accounts.required_actions import require_action
from accounts.sign_in import unsent_forms
from audit.client_ip import browser_name, client_ip

IDLE_TIMEOUT = timedelta(minutes=15)
MAX_AGE = timedelta(hours=12)
ACTIVITY_INTERVAL = timedelta(minutes=1)

# Sent by what a page asks for by itself, without anybody there: that keeps no session alive.
AUTOMATIC = "X-Paykassma-Automatic"
AUTOMATIC_PARAMETER = "automatic"  # of an address, where a page refreshes without JavaScript

ENDED = "ended"
KEY = re.compile("[a-z0-9]{32}")


class SessionStore(DatabaseSessionStore):
    """Keep the session's user in columns, so that sessions are found by user."""

    seen_at: datetime | None = None  # as the database has it

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        session = self._get_session_from_db()  # type: ignore[attr-defined]  # not in the stubs
        if session is None:
            return {}
        self.seen_at = session.seen_at
        data: dict[str, Any] = self.decode(session.session_data)
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        self.seen_at = self.seen_at or timezone.now()
        origin = data.get("origin", {})
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # the same
            session_data=self.encode(data),
            expire_date=expiry(data, self.seen_at),
            user_id=data.get(SESSION_KEY),
            seen_at=self.seen_at,
            signed_in_at=sign_in_time(data),
            address=origin.get("address", ""),
            browser=origin.get("browser", ""),
        )

    def record_activity(self, now: datetime) -> None:
        """Update columns only, so that no session data are overwritten."""
        self.seen_at = now
        Session.objects.filter(session_key=self.session_key).update(
            seen_at=now, expire_date=expiry(dict(self.items()), now)
        )

    def _validate_session_key(self, key: str | None) -> bool:
        """Refuse cookies that no database takes."""
        return key is not None and KEY.fullmatch(key) is not None

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expire_date__lt=timezone.now()).delete()


def sign_in_time(data: dict[str, Any]) -> datetime | None:
    at = data.get("origin", {}).get("at")
    return datetime.fromisoformat(at) if at else None


def expiry(data: dict[str, Any], seen_at: datetime) -> datetime:
    began = sign_in_time(data)
    idle_until = seen_at + IDLE_TIMEOUT
    return min(idle_until, began + MAX_AGE) if began else idle_until


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Require a sign-in, then what is required of its user; keep the form of an ended session."""

    def process_request(self, request: HttpRequest) -> None:
        """Record activity before the request's transaction, which would hold the row for long."""
        if AUTOMATIC not in request.headers and AUTOMATIC_PARAMETER not in request.GET:
            record_activity(request)

    def process_view(self, request: HttpRequest, view_func: Any, *args: Any) -> Any:
        """Keep, and do not do, what a page sends by itself at the end of its session."""
        is_automatic_post = request.method == "POST" and AUTOMATIC in request.headers
        if is_automatic_post and request.user.is_authenticated:
            unsent_forms.store_fields(request, unsent_forms.form_page(request))
            return HttpResponse(status=204)
        response = super().process_view(request, view_func, *args)
        return response or require_action(cast(TenantRequest, request), view_func)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.user.is_authenticated:
            unsent_forms.set_owner_cookie(request, response)
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method == "POST":
            response = unsent_forms.redirect_to_sign_in(request)
        else:
            response = super().handle_no_permission(request, view_func)
        if has_ended_session(request):
            response.headers["Location"] += f"&{urlencode({ENDED: 'yes'})}"
        return response


def record_activity(request: HttpRequest) -> None:
    now, session = timezone.now(), cast(SessionStore, request.session)
    if request.user.is_authenticated and is_stale(session.seen_at, now):
        session.record_activity(now)


def is_stale(seen_at: datetime | None, now: datetime) -> bool:
    return seen_at is not None and now - seen_at >= ACTIVITY_INTERVAL


def has_ended_session(request: HttpRequest) -> bool:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return KEY.fullmatch(key) is not None and request.session.session_key is None


def open_sessions(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user, expire_date__gt=timezone.now())


def end_sessions(user: User, *, keep: str | None = None) -> int:
    ended, _by_model = Session.objects.filter(user=user).exclude(session_key=keep).delete()
    return ended


def idle_seconds(request: HttpRequest) -> dict[str, object]:
    return {"idle_seconds": int(IDLE_TIMEOUT.total_seconds())}


@receiver(user_logged_in)
def begin_session(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    cast(SessionStore, request.session).seen_at = timezone.now()
    request.session["origin"] = {
        "at": timezone.now().isoformat(),
        "address": client_ip(request) or "",
        "browser": browser_name(request),
    }
    unsent_forms.restore_form(request, user)
    SessionStore.clear_expired()
