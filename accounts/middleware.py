"""Every request is one transaction that sees one Client's rows, or none."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts import impersonation
from accounts.http import TenantRequest
from accounts.models import Membership, User
from accounts.roles import Role
from audit.kinds import ActorKind
from clients.models import Client
from paykassma_admin.database.request_transaction import request_transaction, roll_back
from paykassma_admin.database.tenancy import set_tenant, use_back_office_role

BACK_OFFICE = "/admin/"


class TenantMiddleware:
    """Open the transaction, set the tenant, and roll back on an answer of 500 and above.

    Not ATOMIC_REQUESTS: that one ends before a TemplateResponse renders, and querysets are lazy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponseBase:
        with request_transaction():
            set_request_tenant(request, request.user)
            with timezone.override(request.client.zone if request.client else None):
                response = self.get_response(request)
            if response.status_code >= 500:
                roll_back()
        return response


def set_request_tenant(request: TenantRequest, user: User | AnonymousUser) -> None:
    """Set the tenant by user and session; never by the request's parameters."""
    request.client = request.membership = request.role = None
    request.is_impersonating = False
    request.actor, request.actor_kind = user.get_username(), actor_kind(user)
    if not user.is_authenticated:
        set_tenant(None)
        return
    set_tenant(None, user_id=user.pk, actor=user.get_username())
    request.membership = Membership.unscoped.filter(user_id=user.pk).first()
    if request.membership:
        enter_client(request, user, request.membership.client_id, request.membership.role)
    elif user.is_staff and request.path.startswith(BACK_OFFICE):
        use_back_office_role()
    elif user.is_staff and (client_id := impersonation.impersonated_client(request)):
        enter_client(request, user, client_id, impersonation.ROLE)
        request.is_impersonating = request.client is not None


def actor_kind(user: User | AnonymousUser) -> ActorKind:
    if not user.is_authenticated:
        return ActorKind.VISITOR
    return ActorKind.ADMINISTRATOR if user.is_staff else ActorKind.USER


def enter_client(request: TenantRequest, user: User, client_id: int, role: str) -> None:
    set_tenant(client_id, user_id=user.pk, actor=user.get_username())
    request.client = Client.objects.filter(pk=client_id, is_active=True).first()
    request.role = Role(role) if request.client else None
    if request.client is None:  # switched off: nobody sees its pages
        set_tenant(None, user_id=user.pk, actor=user.get_username())
