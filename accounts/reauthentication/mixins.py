"""Reauthentication: a proof older than five minutes is renewed before sensitive actions.

`ReauthenticatedMixin` stands before Django's among the bases of a view, `ReauthenticatedForms`
among those of an admin, `reauthentication_required` above a function.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic.base import View

from accounts.mfa.second_factor import has_recent_proof
from accounts.sign_in.unsent_forms import store_fields


def reauthentication_required[**P](
    view: Callable[P, HttpResponseBase],
) -> Callable[P, HttpResponseBase]:
    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request: Any = args[0]
        if has_recent_proof(request):
            return view(*args, **kwargs)
        return redirect_to_reauthentication(request)

    return wrapper


def redirect_to_reauthentication(request: HttpRequest, page: str = "") -> HttpResponseBase:
    """Redirect to /security/confirm/ and back to `page`, or to the requested one.

    A POST is not repeated: the page says so, and its form is filled in again.
    """
    if request.method == "POST":
        store_fields(request, page or request.path)
        messages.warning(
            request,
            _("Nothing was changed: first you had to confirm your identity. Try again."),
        )
    asked = request.get_full_path() if request.method == "GET" else request.path
    return redirect_to_login(page or asked, reverse("account_reauthenticate"))


class ReauthenticatedForms(ModelAdmin[Any]):
    @method_decorator(reauthentication_required)
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)


class ReauthenticatedMixin(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if has_recent_proof(request):
            return super().dispatch(request, *args, **kwargs)
        return redirect_to_reauthentication(request, self.form_page())

    def form_page(self) -> str:
        return ""
