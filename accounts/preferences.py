"""A user's preferences; what pages before sign-in need is in cookies, too."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.http import TenantRequest
from accounts.models import User
from paykassma_admin.appearance import REFRESH_INTERVALS, THEME_COOKIE, Density, Theme
from paykassma_admin.lists.tables import PAGE_SIZES

COOKIES = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": THEME_COOKIE}
EMPTY = (None, "")  # 0 seconds are a choice
YEAR = 365 * 24 * 60 * 60


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=Theme.choices, required=False)
    page_size = forms.TypedChoiceField(
        choices=[(size, size) for size in PAGE_SIZES], coerce=int, required=False, empty_value=None
    )

    density = forms.ChoiceField(choices=Density.choices, required=False)
    refresh_seconds = forms.TypedChoiceField(
        choices=[(seconds, seconds) for seconds in REFRESH_INTERVALS],
        coerce=int,
        required=False,
        empty_value=None,
    )

    @property
    def chosen_values(self) -> dict[str, str | int]:
        return {name: value for name, value in self.cleaned_data.items() if value not in EMPTY}


@login_not_required
@require_POST
def save_preferences(request: TenantRequest) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        raise BadRequest("No such preference")
    if request.user.is_authenticated and form.chosen_values:
        User.objects.filter(pk=request.user.pk).update(**form.chosen_values)
    response = HttpResponseRedirect(referring_page(request))
    set_cookies(request, response, form.chosen_values)
    return response


def referring_page(request: HttpRequest) -> str:
    """Return `next`, or the referrer: scripts may have changed the address since."""
    for address in (request.POST.get("next"), request.META.get("HTTP_REFERER")):
        if url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return str(address)
    return "/"


def set_cookies(request: HttpRequest, response: HttpResponse, chosen: dict[str, str | int]) -> None:
    for name, cookie in COOKIES.items():
        if name in chosen:
            response.set_cookie(
                cookie,
                str(chosen[name]),
                max_age=YEAR,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )


def recall_preferences(request: HttpRequest, response: HttpResponse, user: User) -> None:
    kept = {"language": user.language, "theme": user.theme}
    set_cookies(request, response, {name: value for name, value in kept.items() if value})
