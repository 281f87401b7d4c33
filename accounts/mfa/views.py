"""/security/: a user's own second factors, recovery codes, password and sessions."""

import json
from typing import Any, cast

from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, TemplateView

from accounts.http import TenantRequest
from accounts.mfa import second_factor
from accounts.mfa.forms import AppForm, NewPasswordForm, PasskeyForm, use_code
from accounts.models import Session, User
from accounts.reauthentication.mixins import ReauthenticatedMixin
from accounts.required_actions import next_page, open_before_required_actions
from accounts.sessions import end_sessions, open_sessions
from accounts.sign_in.security_events import factor_details, record_own
from accounts.sign_in.unsent_forms import RestoredFormMixin
from accounts.sign_in.views import set_refusal_status
from audit.kinds import Kind, Result


@method_decorator(open_before_required_actions, name="dispatch")
class SecurityView(TemplateView):
    template_name = "security/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        return super().get_context_data(
            **factor_context(user),
            sessions=open_sessions(user),
            this_session=self.request.session.session_key,
            **kwargs,
        )


def factor_context(user: User) -> dict[str, Any]:
    """Return `app`, `passkeys` and `codes_left`, which is None without recovery codes."""
    found = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    by_type = {one.type: one for one in found}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "app": by_type.get(Authenticator.Type.TOTP),
        "passkeys": [one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
    }


# Second factors


class SetUpMixin(ReauthenticatedMixin):
    type: Authenticator.Type
    request: TenantRequest
    did_generate_recovery_codes: bool  # with the first, as allauth's views say

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # allauth's
        user = cast(User, self.request.user)
        added = Authenticator.objects.filter(user=user, type=self.type).latest("created_at")
        if self.type == Authenticator.Type.TOTP:
            use_code(added, form.cleaned_data["code"])
        record_own(Kind.SECOND_FACTOR_ADDED, self.request, factor_details(added))
        if self.did_generate_recovery_codes:
            record_own(Kind.RECOVERY_CODES_MADE, self.request)
        second_factor.record_proof(self.request, added)
        renew_session(self.request)
        return response


def renew_session(request: HttpRequest) -> None:
    request.session.cycle_key()
    end_sessions(cast(User, request.user), keep=request.session.session_key)


@method_decorator(open_before_required_actions, name="dispatch")
class AppView(SetUpMixin, ActivateTOTPView):
    template_name = "security/app.html"
    form_class = AppForm
    type = Authenticator.Type.TOTP

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if Authenticator.objects.filter(user_id=request.user.pk, type=self.type).exists():
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


@method_decorator(open_before_required_actions, name="dispatch")
class PasskeyView(SetUpMixin, RestoredFormMixin, AddWebAuthnView):
    template_name = "security/passkey.html"
    form_class = PasskeyForm
    request: TenantRequest
    restorable_fields = frozenset({"name"})
    type = Authenticator.Type.WEBAUTHN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        options = begin_registration(self.request.user, passwordless=True)
        return context | {"options": json.dumps(options)}


class RemoveFactorView(ReauthenticatedMixin, DetailView[Authenticator]):
    template_name = "security/remove.html"
    http_method_names = ["get", "post"]
    request: TenantRequest

    def get_queryset(self) -> QuerySet[Authenticator]:
        own: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=self.request.user.pk)
        return own.filter(type__in=second_factor.FACTORS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = get_factor_adapter().can_delete_authenticator(self.object)
        takes_codes = second_factor.is_last_with_recovery_codes(self.object)
        return super().get_context_data(may_be_removed=may, takes_codes=takes_codes, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Else two that are removed at once would each count on the other.
        User.objects.select_for_update().get(username=request.user.get_username())
        self.object = self.get_object()
        if not get_factor_adapter().can_delete_authenticator(self.object):
            return render(request, self.template_name, self.get_context_data(), status=409)
        record_own(Kind.SECOND_FACTOR_REMOVED, self.request, factor_details(self.object))
        delete_and_cleanup(request, self.object)
        renew_session(request)
        messages.success(request, _("The second factor is removed."))
        return redirect("mfa_index")


# Recovery codes


@method_decorator(open_before_required_actions, name="dispatch")
class RecoveryCodesView(ReauthenticatedMixin, TemplateView):
    template_name = "security/recovery_codes.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        codes, are_shown = recovery.view_recovery_codes(request)
        if not are_shown:
            return redirect("mfa_index")
        context = {"codes": codes.get_unused_codes(), "next_page": next_page(request)}
        return self.render_to_response(self.get_context_data(**context))


class NewRecoveryCodesView(ReauthenticatedMixin, TemplateView):
    template_name = "security/new_recovery_codes.html"

    def post(self, request: TenantRequest) -> HttpResponseBase:
        if not second_factor.has_factor(cast(User, request.user)):
            return redirect("mfa_index")
        recovery.generate_recovery_codes(request)
        record_own(Kind.RECOVERY_CODES_MADE, request)
        return redirect("mfa_view_recovery_codes")


# Password and sessions


@method_decorator(open_before_required_actions, name="dispatch")
class PasswordView(ReauthenticatedMixin, FormView[NewPasswordForm]):
    template_name = "security/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("mfa_index")
    request: TenantRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        try:
            user = form.save()
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        update_session_auth_hash(self.request, user)
        end_sessions(user, keep=self.request.session.session_key)
        record_own(Kind.PASSWORD_CHANGED, self.request)
        messages.success(self.request, _("The password is changed. All other sessions have ended."))
        return redirect(next_page(self.request) or self.success_url)

    def form_invalid(self, form: NewPasswordForm) -> HttpResponse:
        if form.has_error("old_password", "password_incorrect"):
            record_own(Kind.PASSWORD_CHANGED, self.request, result=Result.FAILED)
        return set_refusal_status(super().form_invalid(form), form)


class EndSessionsMixin(ReauthenticatedMixin):
    def form_page(self) -> str:
        return reverse("mfa_index")

    def other_sessions(self) -> QuerySet[Session]:
        key = self.request.session.session_key
        return open_sessions(cast(User, self.request.user)).exclude(session_key=key)


@method_decorator(open_before_required_actions, name="dispatch")
class EndOtherSessionsView(EndSessionsMixin):
    def post(self, request: TenantRequest) -> HttpResponse:
        ended, _by_model = self.other_sessions().delete()
        record_own(Kind.SESSIONS_ENDED, request, {"ended": ended})
        messages.success(request, _("All other sessions have ended."))
        return redirect("mfa_index")


@method_decorator(open_before_required_actions, name="dispatch")
class EndSessionView(EndSessionsMixin):
    def post(self, request: TenantRequest, name: str) -> HttpResponse:
        session = next((each for each in self.other_sessions() if each.name == name), None)
        if session is None:
            raise Http404
        record_own(Kind.SESSIONS_ENDED, request, {"ended": 1, "browser": session.browser})
        session.delete()
        messages.success(request, _("The session has ended."))
        return redirect("mfa_index")
