"""CSRF failures of pages that are older than the last sign-in in another tab."""

from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_CSRF_TOKEN_MISSING
from django.shortcuts import redirect, resolve_url
from django.views.csrf import csrf_failure

from accounts.sessions import ENDED
from accounts.sign_in import unsent_forms

# How Django begins, where the browser has a cookie, but of another token.
MISMATCH = REASON_CSRF_TOKEN_MISSING.removesuffix(" missing.")


def refuse_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Handle CSRF_FAILURE_VIEW: do nothing, and lead on where it is safe.

    Only pages of this site come that far: browsers send others' forms without our cookies.
    """
    is_stale = request.method == "POST" and reason.startswith(MISMATCH)
    response = redirect_stale_form(request) if is_stale else None
    return response or cast(HttpResponse, csrf_failure(request, reason))


def redirect_stale_form(request: HttpRequest) -> HttpResponse | None:
    if request.path.startswith(resolve_url(settings.LOGIN_URL)):
        return sign_in_again(request)
    if not getattr(request.resolver_match.func, "login_required", True):  # type: ignore[union-attr]  # it was resolved
        return None
    if not request.user.is_authenticated:
        return unsent_forms.redirect_to_sign_in(request)
    page = unsent_forms.form_page(request)
    if not unsent_forms.store_fields(request, page):
        return None
    unsent_forms.warn_of_unsent_form(request)
    return redirect(page)


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Redirect to sign-in, which leads a signed-in user on at once."""
    leads_to = request.POST.get("next") or request.GET.get("next") or "/"
    response = redirect_to_login(leads_to, resolve_url(settings.LOGIN_URL))
    response.headers["Location"] += f"&{urlencode({ENDED: 'yes'})}"
    return response
