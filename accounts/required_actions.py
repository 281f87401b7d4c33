"""What somebody has to do before anything else: change his password, set up a second factor."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import TenantRequest
from accounts.mfa import second_factor
from accounts.models import User

ASKED_FOR = "asked_for"  # the page, in the session


def open_before_required_actions[V: Callable[..., Any]](view: V) -> V:
    """Marks a view that may be asked before the duties are done: those that do them, sign-out."""
    view.open_before_required_actions = True  # type: ignore[attr-defined]  # as Django marks `login_required`
    return view


class RequiredActionsMiddleware:
    """Every view is closed until they are done, unless it is marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: TenantRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True):
            return None
        request.duty = required_action_of(request)
        if not request.duty or getattr(view, "open_before_required_actions", False):
            return None
        return lead_to(request.duty, request)


def required_action_of(request: TenantRequest) -> str:
    """The name of the page where it is done; "" where there is none."""
    user = request.user
    if not isinstance(user, User) or user.is_demo:
        return ""
    if user.must_change_password:
        return "change_password"
    return "mfa_index" if second_factor.is_lacking(request) else ""


def lead_to(duty: str, request: TenantRequest) -> HttpResponseBase:
    if duty == "mfa_index" and second_factor.has_one(cast(User, request.user)):
        # It was set up elsewhere meanwhile, and this session was opened without it.
        logout(request)
        return redirect("account_login")
    if request.method == "GET" and request.accepts("text/html"):
        request.session[ASKED_FOR] = request.get_full_path()
    return redirect(duty)


def asked_for(request: HttpRequest) -> str:
    """The page that was asked for before the duties; "" where none was."""
    address = request.session.get(ASKED_FOR, "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if is_ours else ""
