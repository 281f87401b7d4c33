"""A queue of requests: who asks for much waits behind themselves (docs/adr/0033)."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple, cast

from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.translation import gettext as _

from accounts.http import TenantRequest
from audit.client_ip import client_ip
from audit.kinds import ActorKind
from paykassma_admin.api.problems import problem
from paykassma_admin.cache_keys import cache_key
from paykassma_admin.concurrency import LimitReached, limiter
from paykassma_admin.database.request_transaction import release_connection
from paykassma_admin.errors import API

MAX_MEMBER_REQUESTS = 2
MAX_CLIENT_REQUESTS = 3
MAX_COSTLY_REQUESTS = 1
RETRY_SECONDS = 5
MEMBERS = "members"  # the cache of who has which session or key
REMEMBERED_SECONDS = 12 * 60 * 60


class Holder(NamedTuple):
    """The user, key or address of a request, known before the database is queried."""

    kind: str  # "user", "key", or "address" of a visitor
    name: int | str
    client_id: int | None = None  # visitors together are one, administrators another

    @property
    def group(self) -> tuple[str, int | None]:
        return ("client" if self.client_id else self.kind, self.client_id)


class RequestQueueMiddleware:
    """Queue requests before any database query: waiting holds no connection."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        holder = turn_holder(request)
        with ExitStack() as taken:
            try:
                take_turns(request, holder, taken)
            except LimitReached:
                return busy_response(request)
            response = self.get_response(request)
            remember_session(request)
            if response.streaming:  # it goes on, and so does its turn
                closers = cast(Any, response)._resource_closers
                closers.append(stream_turns(request, holder, taken).close)
            else:
                release_connection()
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        remember_session(request)


def take_turns(request: HttpRequest, holder: Holder, taken: ExitStack) -> None:
    """Wait for turns, the costly ones first, which must not block pages. Raise LimitReached."""
    if view := costly_view(request):
        taken.enter_context(limiter.turn(("costly", *holder), at_once=MAX_COSTLY_REQUESTS))
        taken.enter_context(limiter.turn(("costly", view), at_once=MAX_COSTLY_REQUESTS))
    take_page_turns(holder, taken)


def take_page_turns(holder: Holder, taken: ExitStack, *, wait: bool = True) -> None:
    taken.enter_context(limiter.turn(holder, at_once=MAX_MEMBER_REQUESTS, wait=wait))
    taken.enter_context(limiter.turn(holder.group, at_once=MAX_CLIENT_REQUESTS, wait=wait))


def stream_turns(request: HttpRequest, holder: Holder, taken: ExitStack) -> ExitStack:
    """Return the turns that a file holds while it is sent: the member's, once known.

    A session that is new to this process came in as a visitor, whose turns all visitors share.
    """
    known = turn_holder(request)
    if known != holder:
        with suppress(LimitReached), ExitStack() as own:
            take_page_turns(known, own, wait=False)
            taken.close()
            return own.pop_all()
    return taken.pop_all()


def costly_view(request: HttpRequest) -> str:
    """Return the name of the view that calls the request costly, or ""."""
    try:
        match = resolve(request.path_info)
    except Http404:
        return ""
    is_costly = getattr(getattr(match.func, "view_class", None), "is_costly", None)
    return match.view_name if is_costly and is_costly(request) else ""


def turn_holder(request: HttpRequest) -> Holder:
    known = caches[MEMBERS].get(holder_key(credential(request)))
    if known is not None:
        return Holder(*known)
    return Holder("address", str(truncate_ip(client_ip(request) or "")))


def credential(request: HttpRequest) -> tuple[str, str]:
    if request.path.startswith(API):
        return "key", request.headers.get("Authorization", "").removeprefix("Bearer ")
    return "session", request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")


def holder_key(shown: tuple[str, str]) -> str:
    return cache_key("holder", None, *shown)


def remember(shown: tuple[str, str], holder: Holder) -> None:
    caches[MEMBERS].set(holder_key(shown), tuple(holder), REMEMBERED_SECONDS)


def remember_session(request: HttpRequest) -> None:
    """Remember whose session it is, under its present key, once `TenantMiddleware` has set it."""
    match getattr(request, "actor_kind", None):
        case ActorKind.USER | ActorKind.ADMINISTRATOR if key := request.session.session_key:
            membership = cast(TenantRequest, request).membership
            client_id = membership.client_id if membership else None
            remember(("session", key), Holder("user", request.user.pk or 0, client_id))
        case ActorKind.VISITOR if ended := request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            caches[MEMBERS].delete(holder_key(("session", ended)))


def busy_response(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_SECONDS)}
    if request.path.startswith(API):
        reason = _("Too many requests at once. Wait for a response before you send the next one.")
        return problem(429, reason, headers=headers)
    return HttpResponse(render_to_string("busy.html"), status=429, headers=headers)
