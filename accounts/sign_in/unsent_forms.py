"""Restore a form whose session had ended, after the same user has signed in (docs/adr/0030).

Until then its fields are in an encrypted cookie, for a quarter of an hour; then in the session, for
one page. A view names its `restorable_fields`: never a password, a code or a key.
"""

import json
from typing import Any, cast

from cryptography.fernet import InvalidToken
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.mfa.encryption import encryption
from accounts.models import Session, User

COOKIE = f"{settings.COOKIE_PREFIX}unsent_form"
OWNER_COOKIE = f"{settings.COOKIE_PREFIX}form_owner"
LONGEST_COOKIE = 3800  # browsers take 4096, name and attributes included
SESSION_KEY = "unsent_form"  # in the session
PURPOSE = "unsent form"
SECONDS = 15 * 60

type Fields = dict[str, list[str]]


class RestoredFormMixin(FormView[Any]):
    restorable_fields: frozenset[str] = frozenset()

    def get_initial(self) -> dict[str, Any]:
        fields = cast(type[forms.Form], self.get_form_class()).base_fields
        again = {
            name: values if isinstance(fields[name], forms.MultipleChoiceField) else values[-1]
            for name, values in pop_fields(self.request).items()
        }
        return super().get_initial() | again


class UnsentForm(forms.BaseForm):
    """A restored form of the back office, bound to be shown and not to be saved."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self.add_error(None, unsent_warning())


def pop_fields(request: HttpRequest) -> Fields:
    kept = request.session.get(SESSION_KEY)
    if request.method != "GET" or not kept or kept["page"] != request.path:
        return {}
    del request.session[SESSION_KEY]
    return cast(Fields, kept["fields"])


def store_fields(request: HttpRequest, page: str) -> bool:
    """Return whether there was anything to store."""
    fields = sent_fields(request)
    if fields:
        request.session[SESSION_KEY] = {"page": page, "fields": fields}
    return bool(fields)


def redirect_to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    page = form_page(request)
    response = redirect_to_login(page, resolve_url(settings.LOGIN_URL))
    if owner := form_owner(request):
        said = {"owner": owner, "page": page, "fields": sent_fields(request)}
        set_cookie(request, response, COOKIE, encrypt_form(said), max_age=SECONDS)
    return response


def encrypt_form(said: dict[str, Any]) -> str:
    """Return the cookie, without fields that are too long for it."""
    cookie = encryption(PURPOSE).encrypt(json.dumps(said).encode()).decode()
    return cookie if len(cookie) <= LONGEST_COOKIE else encrypt_form(said | {"fields": {}})


def restore_form(request: HttpRequest, user: User) -> None:
    try:
        said = json.loads(encryption(PURPOSE).decrypt(request.COOKIES.get(COOKIE, ""), ttl=SECONDS))
    except InvalidToken:
        return
    if said["owner"] == owner_mark(user.pk):
        warn_of_unsent_form(request)
        request.session[SESSION_KEY] = {"page": said["page"], "fields": said["fields"]}


def warn_of_unsent_form(request: HttpRequest) -> None:
    messages.warning(request, unsent_warning())


def unsent_warning() -> str:
    return _("Nothing was changed: your session had ended. Check the form and send it again.")


def set_owner_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember whose forms this browser has open after the session is gone."""
    mark = owner_mark(request.user.pk)
    if request.COOKIES.get(OWNER_COOKIE) != mark:
        set_cookie(request, response, OWNER_COOKIE, mark)
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")


def set_cookie(
    request: HttpRequest, response: HttpResponseBase, name: str, value: str, **more: Any
) -> None:
    secure = request.is_secure()
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=secure, **more)


def form_owner(request: HttpRequest) -> str:
    """Return the mark of the session's user; "" if unknown."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40]
    ended = Session.objects.filter(session_key=key.replace("\0", ""), user_id__isnull=False)
    user_id = ended.values_list("user_id", flat=True).first()
    return owner_mark(user_id) if user_id else request.COOKIES.get(OWNER_COOKIE, "")


def owner_mark(user_id: int | None) -> str:
    return salted_hmac(PURPOSE, str(user_id), algorithm="sha256").hexdigest()


def sent_fields(request: HttpRequest) -> Fields:
    view = view_of(request)
    if admin := getattr(view, "model_admin", None):
        names = admin.restorable_fields(request)
    else:
        names = getattr(view, "restorable_fields", frozenset())
    return {name: request.POST.getlist(name) for name in sorted(names) if name in request.POST}


def form_page(request: HttpRequest) -> str:
    """Return the page of the form; a view that takes a POST alone names it."""
    view = view_of(request)
    page = getattr(view, "form_page", None)
    if not callable(page):
        return page or request.path
    match = request.resolver_match
    asked = view()
    asked.setup(request, *match.args, **match.kwargs)  # type: ignore[union-attr]  # it was resolved
    return asked.form_page() or request.path


def view_of(request: HttpRequest) -> Any:
    view = request.resolver_match.func  # type: ignore[union-attr]  # where a view is asked
    return getattr(view, "view_class", view)
