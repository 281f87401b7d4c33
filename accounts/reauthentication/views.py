import json
from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeReauthenticateView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.forms import Form
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from accounts.http import TenantRequest
from accounts.mfa.forms import ConfirmCodeForm, ConfirmPasskeyForm, ConfirmPasswordForm
from accounts.required_actions import open_before_required_actions
from accounts.sign_in.security_events import (
    record_confirmation,
    record_recovery_code,
    record_wrong_confirmation,
)
from accounts.sign_in.views import set_refusal_status


class ReauthenticateMixin(FormView[Any]):
    request: TenantRequest

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session.cycle_key()
        record_confirmation(self.request)
        record_recovery_code(self.request, getattr(form, "authenticator", None))
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        record_wrong_confirmation(self.request, form)
        response = self.render_to_response(self.get_context_data(form=form))
        return set_refusal_status(response, form)


@method_decorator(open_before_required_actions, name="dispatch")
class ReauthenticatePasswordView(ReauthenticateMixin, ReauthenticateView):
    template_name = "security/confirm.html"
    form_class = ConfirmPasswordForm


@method_decorator(open_before_required_actions, name="dispatch")
class ReauthenticateCodeView(ReauthenticateMixin, CodeReauthenticateView):
    template_name = "security/confirm.html"
    form_class = ConfirmCodeForm


@method_decorator(open_before_required_actions, name="dispatch")
class ReauthenticatePasskeyView(ReauthenticateMixin, ReauthenticateWebAuthnView):
    template_name = "security/confirm.html"
    form_class = ConfirmPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | kwargs
        return context | {"options": json.dumps(context["js_data"]["request_options"])}
