from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator

from clients import audit
from clients.attempts import record_attempt, record_flood
from clients.audit import Kind, Result, actor_of
from clients.forms import SignInForm
from clients.http import TenantRequest
from clients.preferences import recall


@method_decorator(login_not_required, name="dispatch")  # allauth says so of its own dispatch
class SignInView(LoginView):
    form_class = SignInForm
    has_looked = False  # at what was typed; before that, too many attempts of a network are refused

    def dispatch(self, request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if response.status_code == 429 and not self.has_looked:
            record_flood(request)
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            recall(self.request, response, self.request.user)
        return response

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        self.has_looked = True
        status = 429 if form.has_error("__all__", "too_many_login_attempts") else 200
        if status == 429:
            record_attempt(self.request, Result.REFUSED)
        elif form.has_error("__all__", "username_password_mismatch"):
            record_attempt(self.request, Result.FAILED)
        context = self.get_context_data(form=form)
        response: HttpResponse = self.render_to_response(context, status=status)
        return response


# Without a session there is nothing to sign out of, and no reason to ask for a sign-in first.
@method_decorator(login_not_required, name="dispatch")
class SignOutView(LogoutView):
    http_method_names = ["post"]

    def post(self, request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            audit.record(Kind.SIGN_OUT, by=actor_of(request), client=request.client)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response
