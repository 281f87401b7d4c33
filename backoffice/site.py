"""The site at /admin/: stock Django admin, for administrators only."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.http import TenantRequest
from accounts.sign_in.hashing import prepared_hashes
from paykassma_admin import __version__, formats

# Django's own, of which it has no Russian yet.
gettext_noop("- Select an option -")
gettext_noop("Change history: %s")

NEW_PASSWORDS = ("password", "password1")  # fields of forms that make users


class BackOffice(AdminSite):
    site_title = site_header = gettext_lazy("Paykassma: back office, all times in UTC")
    site_url = None

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"version": __version__}

    def has_permission(self, request: HttpRequest) -> bool:
        """Keep members out: the back office reads all users, outside row-level security."""
        is_member = cast(TenantRequest, request).membership is not None
        return not is_member and super().has_permission(request)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]  # it never renders a page
        """Redirect to the sign-in page, or refuse: who is signed in here is no administrator."""
        require_back_office()
        if request.user.is_authenticated:
            raise PermissionDenied(_("The back office is for administrators."))
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]  # it never renders a page
        return redirect("change_password")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(reject_nul(hash_passwords_first(view)), cacheable)


def require_back_office() -> None:
    if not settings.IS_BACK_OFFICE_SERVED:
        raise Http404  # without DATABASE_BACKOFFICE_URL


def reject_nul(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse NUL bytes, on which stock admin's queries would fail."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_back_office()
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A NUL byte in the address")
        return view(request, *args, **kwargs)

    return wrapper


def hash_passwords_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hash new passwords before stock admin opens a block of its own around the form."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        new = {request.POST.get(name, "") for name in NEW_PASSWORDS}
        with prepared_hashes(*new):
            return view(request, *args, **kwargs)

    return wrapper


back_office = BackOffice(name="admin")
back_office.empty_value_display = formats.DASH
