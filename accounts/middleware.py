"""Every request is one transaction that sees one Client's rows, or none."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts import impersonation
from accounts.actors import actor_of
from accounts.http import TenantRequest
from accounts.mfa import second_factor
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.turns import forget_session, remember_session
from audit.kinds import ActorKind, Kind, Result
from audit.record import is_first_of_a_minute, record_event
from clients.models import Client
from paykassma_admin.database.request_transaction import request_transaction, undo
from paykassma_admin.database.tenancy import set_tenant, use_back_office_role
from paykassma_admin.middleware.request_ids import without_secrets

BACK_OFFICE = "/admin/"
REFUSED = (401, 403, 429)


class TenantMiddleware:
    """Opens the transaction, finds the Client, and undoes everything on an answer of 500 and above.

    Not ATOMIC_REQUESTS: that one ends before a TemplateResponse renders, and querysets are lazy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponseBase:
        with request_transaction():
            enter(request, request.user)
            with timezone.override(request.client.zone if request.client else None):
                response = self.get_response(request)
            if response.status_code >= 500:
                undo()
            elif response.status_code in REFUSED and request.actor:
                record_refusal(request, response.status_code)
        return response


def record_refusal(request: TenantRequest, status: int) -> None:
    """Without the address's parameters: they may name a payer."""
    what = request.actor, request.method, request.path, status
    if not is_first_of_a_minute(request.client, *what):
        return
    # What refused the request may have looked at another Client.
    set_tenant(request.client.pk if request.client else None)
    record_event(
        Kind.REFUSAL,
        by=actor_of(request),
        client=request.client,
        target=without_secrets(request.path),
        result=Result.REFUSED,
        details={"method": request.method, "status": status},
    )


def enter(request: TenantRequest, user: User | AnonymousUser) -> None:
    """Set whose rows the request sees, from user and session; never from its parameters."""
    request.client = request.membership = request.role = None
    request.is_impersonating = False
    request.actor, request.actor_kind = user.get_username(), kind_of(user)
    if not user.is_authenticated:
        set_tenant(None)
        forget_session(request)
        return
    set_tenant(None, user_id=user.pk, actor=user.get_username())
    request.membership = Membership.unscoped.filter(user_id=user.pk).first()
    remember_session(request, user)
    if request.membership:
        _enter_client(request, user, request.membership.client_id, request.membership.role)
    elif user.is_staff and request.path.startswith(BACK_OFFICE):
        use_back_office_role()
    elif user.is_staff and (looked_at := impersonation.impersonated_client(request)):
        _enter_client(request, user, looked_at, impersonation.ROLE)
        request.is_impersonating = request.client is not None


def kind_of(user: User | AnonymousUser) -> ActorKind:
    if not user.is_authenticated:
        return ActorKind.VISITOR
    return ActorKind.ADMINISTRATOR if user.is_staff else ActorKind.USER


def _enter_client(request: TenantRequest, user: User, client_id: int, role: str) -> None:
    set_tenant(client_id, user_id=user.pk, actor=user.get_username())
    request.client = Client.objects.filter(pk=client_id, is_active=True).first()
    request.role = Role(role) if request.client else None
    if request.client is None:  # switched off: nobody sees its pages
        set_tenant(None, user_id=user.pk, actor=user.get_username())


@receiver(user_logged_out)
def record_sign_out(
    sender: object, request: TenantRequest, user: User | None, **kwargs: object
) -> None:
    """By whatever way; of an administrator's no Client is told, not even the one he looks at."""
    if user is not None:
        client = request.client if request.membership else None
        record_event(Kind.SIGN_OUT, by=actor_of(request), client=client)


@receiver(user_logged_in)
def enter_after_sign_in(
    sender: object, request: TenantRequest, user: User, **kwargs: object
) -> None:
    enter(request, user)
    details = {"factor": second_factor.proved_last(request, user)}
    record_event(Kind.SIGN_IN, by=actor_of(request), client=request.client, details=details)
