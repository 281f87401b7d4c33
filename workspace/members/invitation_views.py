from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.http import TenantRequest
from accounts.members import members
from accounts.members.members import InvitationGone
from accounts.models import Invitation
from accounts.sign_in.views import JOINED
from audit.client_ip import client_ip


class JoinForm(forms.Form):
    login = forms.CharField(
        label=pgettext_lazy("sign-in", "Login"),
        max_length=150,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "form-control",
            }
        ),
    )
    password = forms.CharField(
        label=pgettext_lazy("sign-in", "Password"),
        help_text=gettext_lazy("At least 12 characters, and not a commonly used password."),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )
    repeated = forms.CharField(
        label=gettext_lazy("Repeat the password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "password" in cleaned and cleaned.get("repeated") not in (None, cleaned["password"]):
            self.add_error("repeated", _("The two passwords differ. Enter the same one twice."))
        return cleaned


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: TenantRequest, token: str) -> HttpResponse:
    response = invitation_response(request, token)
    # A log has by which page each file of it was asked for; this one's address is a secret.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def invitation_response(request: TenantRequest, token: str) -> HttpResponse:
    """Answer alike to whatever is wrong with a link."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    try:
        found = members.open_invitation(token)
        if form.is_valid() and join_client(request, found, form):
            return welcome(request, form.cleaned_data["login"])
    except InvitationGone:
        return render(request, "workspace/invitation_gone.html", status=404)
    return render(request, "workspace/invitation.html", {"invitation": found, "form": form})


def welcome(request: TenantRequest, login: str) -> HttpResponse:
    if request.user.is_authenticated:
        text = _("The account “%(login)s” is ready. Sign out to sign in with it.")
        messages.success(request, text % {"login": login})
    return redirect(f"{reverse('account_login')}?{JOINED}=yes")


def join_client(request: TenantRequest, found: Invitation, form: JoinForm) -> bool:
    try:
        members.join(
            found,
            login=form.cleaned_data["login"],
            password=form.cleaned_data["password"],
            address=client_ip(request),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
