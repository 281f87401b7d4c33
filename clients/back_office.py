"""The back office at /admin/: stock Django admin, for administrators only."""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.http import TenantRequest


class BackOffice(AdminSite):
    site_title = site_header = gettext_lazy("Paykassma: back office")
    site_url = None

    def has_permission(self, request: HttpRequest) -> bool:
        """A member never enters: users stand outside row-level security, and he would see all."""
        is_member = cast(TenantRequest, request).membership is not None
        return not is_member and super().has_permission(request)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]  # it never renders a page
        """Sign-in is elsewhere, and who comes here signed in is no administrator."""
        if request.user.is_authenticated:
            raise PermissionDenied(_("The back office is for administrators."))
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))


back_office = BackOffice(name="admin")


class Undeletable:
    """What carries money, or what money hangs on, is switched off instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AddOnly(Undeletable):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(AddOnly):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
