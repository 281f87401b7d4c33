import json
from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator

from accounts.http import TenantRequest
from accounts.mfa.forms import PasskeySignInForm, SecondStepForm, SecondStepPasskeyForm
from accounts.mfa.passkey_challenge import drop_challenge, offer_challenge, take_challenge
from accounts.required_actions import open_before_required_actions
from accounts.sessions import ENDED
from accounts.sign_in.attempts import record_attempt, record_flood, record_unbounded_attempt
from accounts.sign_in.forms import SignInForm
from accounts.sign_in.security_events import (
    form_result,
    pause_duration,
    record_recovery_code,
    record_second_step,
    record_unknown_passkey,
    record_wasted_recovery_code,
)
from audit.kinds import Result

JOINED = "joined"  # in the address of the sign-in page: it welcomes a new member


def set_refusal_status(response: HttpResponse, form: Form) -> HttpResponse:
    if form_result(form) == Result.REFUSED:
        response.status_code = 429
        response.headers["Retry-After"] = str(int(pause_duration(form).total_seconds()))
    return response


def keep_next(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Carry `next` from step to step in the address, independent of other tabs."""
    leads_to = get_next_redirect_url(request)
    steps = reverse("account_login"), reverse("mfa_authenticate")
    if leads_to and response.headers.get("Location") in steps:
        response.headers["Location"] += f"?{urlencode({'next': leads_to})}"
    return response


@method_decorator(login_not_required, name="dispatch")  # allauth says so of its own dispatch
class SignInView(LoginView):
    form_class = SignInForm
    has_checked_form = (
        False  # at what was typed; before that, too many attempts of a network are refused
    )

    def dispatch(self, request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if response.status_code == 429 and not self.has_checked_form:
            record_flood(request)
        return keep_next(request, response)

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        self.has_checked_form = True
        result, is_possible = form_result(form), form.fields.keys() <= form.cleaned_data.keys()
        if result == Result.FAILED and is_possible:
            record_attempt(self.request, result)
        elif result:
            record_unbounded_attempt(self.request, result)
        return set_refusal_status(super().form_invalid(form), form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = self.request.GET
        return context | {"has_ended": ENDED in asked, "has_joined": JOINED in asked}


@method_decorator(login_not_required, name="dispatch")
class SecondStepView(AuthenticateView):
    template_name = "account/second_step.html"
    form_class = SecondStepForm
    webauthn_form_class = SecondStepPasskeyForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return keep_next(request, super().dispatch(request, *args, **kwargs))

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        used = getattr(form, "authenticator", None)
        if self.request.user.is_authenticated:
            record_recovery_code(self.request, used)
        else:
            record_wasted_recovery_code(self.request, self.stage.login.user, used)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        record_second_step(self.request, self.stage.login.user, form)
        return set_refusal_status(super().form_invalid(form), form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = context["js_data"]["request_options"]
        has_passkeys = bool(options["publicKey"].get("allowCredentials"))
        return context | {"options": json.dumps(options) if has_passkeys else ""}


class PasskeySignInView(LoginWebAuthnView):
    """Serve the challenge to static/js/passkeys.js by GET, and sign in by POST."""

    form_class = PasskeySignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "application/json" not in request.headers.get("Accept", ""):
            return redirect("account_login")
        return offer_challenge()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        take_challenge(request)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        drop_challenge(response)
        return response

    def form_invalid(self, form: PasskeySignInForm) -> HttpResponse:
        record_unknown_passkey(self.request)
        context = {"form": SignInForm(request=self.request), "is_passkey_wrong": True}
        return render(self.request, "account/login.html", context)


# Without a session there is nothing to sign out of, and no reason to ask for a sign-in first.
@method_decorator([login_not_required, open_before_required_actions], name="dispatch")
class SignOutView(LogoutView):
    http_method_names = ["post"]
