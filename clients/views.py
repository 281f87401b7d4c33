from allauth.account.views import LoginView, LogoutView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator

from clients.forms import SignInForm
from clients.preferences import recall


class SignInView(LoginView):
    form_class = SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            recall(self.request, response, self.request.user)
        return response

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        status = 429 if form.has_error("__all__", "too_many_login_attempts") else 200
        context = self.get_context_data(form=form)
        response: HttpResponse = self.render_to_response(context, status=status)
        return response


# Without a session there is nothing to sign out of, and no reason to ask for a sign-in first.
@method_decorator(login_not_required, name="dispatch")
class SignOutView(LogoutView):
    http_method_names = ["post"]
