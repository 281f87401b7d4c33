from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic.base import View
from django.views.generic.detail import SingleObjectMixin

from clients.http import ClientRequest
from clients.scoping import ClientOwnedQuerySet


class ClientPageMixin(View):
    """Pages of a Client. An administrator, who is no member, is shown to the back office."""

    request: ClientRequest  # type: ignore[assignment]  # narrower: dispatch lets no one else in

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.request.client is None:
            return self.without_client()
        return super().dispatch(request, *args, **kwargs)

    def without_client(self) -> HttpResponseBase:
        if self.request.user.is_staff:
            return redirect("admin:index")
        raise PermissionDenied(
            _("Your account belongs to no active Client. Ask your administrator.")
        )


class ClientScopedMixin[M: Model](ClientPageMixin, SingleObjectMixin[M]):
    """A page of one row. Another Client's row is a 404."""

    def get_queryset(self) -> ClientOwnedQuerySet[M]:
        rows = cast(ClientOwnedQuerySet[M], super().get_queryset())
        return rows.for_client(self.request.client)
