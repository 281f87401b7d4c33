"""Required actions before anything else: changing the password, setting up a second factor."""

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

NEXT_PAGE = "asked_for"  # its key in the session


def open_before_required_actions[V: Callable[..., Any]](view: V) -> V:
    """Mark a view as open while an action is required: those that do it, and sign-out."""
    view.open_before_required_actions = True  # type: ignore[attr-defined]  # as Django marks `login_required`
    return view


def require_action(request: TenantRequest, view: Any) -> HttpResponseBase | None:
    """Set `request.required_action`, and redirect to it unless the view is open."""
    if not getattr(view, "login_required", True):
        return None
    request.required_action = required_action_of(request)
    if not request.required_action or getattr(view, "open_before_required_actions", False):
        return None
    return redirect_to_action(request)


def required_action_of(request: TenantRequest) -> str:
    """Return the name of the page of the action; "" if none is required."""
    user = request.user
    if not isinstance(user, User) or user.is_demo:
        return ""
    if user.must_change_password:
        return "change_password"
    return "mfa_index" if second_factor.is_missing(request) else ""


def redirect_to_action(request: TenantRequest) -> HttpResponseBase:
    action = request.required_action
    if action == "mfa_index" and second_factor.has_factor(cast(User, request.user)):
        # It was set up in another session, and this one was opened without it.
        logout(request)
        return redirect("account_login")
    if request.method == "GET" and request.accepts("text/html"):
        request.session[NEXT_PAGE] = request.get_full_path()
    return redirect(action)


def next_page(request: HttpRequest) -> str:
    """Return the page that was requested before the required actions; "" if there was none."""
    address = request.session.get(NEXT_PAGE, "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if is_ours else ""
