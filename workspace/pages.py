from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic.base import View

from accounts.http import ClientRequest, TenantRequest
from accounts.models import User
from accounts.reauthentication.mixins import ReauthenticatedMixin
from accounts.roles import MAY_GIVE_ACCESS, Role
from clients.models import Client

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class ClientPageMixin(View):
    """A page for members of one Client. An administrator who looks at that Client may read it."""

    roles = frozenset(Role)

    @property
    def client(self) -> Client:
        return cast(ClientRequest, self.request).client

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = cast(TenantRequest, request)
        if asked.client is None:
            return self.refuse_without_client(request)
        if asked.is_impersonating and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("Administrators can only view a Client’s pages."))
        if asked.role not in self.roles:
            raise PermissionDenied(_("Your role has no access to this page. Ask an owner."))
        return super().dispatch(request, *args, **kwargs)

    def refuse_without_client(self, request: HttpRequest) -> HttpResponseBase:
        if cast(User, request.user).is_staff:
            return redirect("admin:index")
        raise PermissionDenied(
            _("Your account belongs to no active Client. Ask your administrator.")
        )


class ClientRowsMixin(ClientPageMixin):
    model: Any

    def get_queryset(self) -> Any:
        return self.model.objects.for_client(self.client)


class AccessPageMixin(ClientPageMixin, ReauthenticatedMixin):
    """A page where an owner gives and takes access: keys and members.

    The role is checked before reauthentication.
    """

    roles = MAY_GIVE_ACCESS
