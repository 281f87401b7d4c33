"""Refused requests in the audit log of the Client that they acted for."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.actors import actor_of, member_log
from accounts.http import TenantRequest
from audit.kinds import ActorKind, Kind, Result
from audit.record import ONCE_A_MINUTE, is_first_within_minute, record_event
from paykassma_admin.database.tenancy import set_tenant
from paykassma_admin.middleware.request_ids import mask_secrets

REFUSAL_STATUSES = (401, 403, 429)


class RefusalRecordMiddleware:
    """Record refusals in the request's transaction, which `TenantMiddleware` opens around it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.actor and is_refusal(request, response.status_code):
            record_refusal(request, response.status_code)
        return response


def is_refusal(request: TenantRequest, status: int) -> bool:
    """Return True of a key for any 4xx: all that it sent is in the log."""
    is_by_key = request.actor_kind == ActorKind.KEY
    return status in REFUSAL_STATUSES or (is_by_key and 400 <= status < 500)


def record_refusal(request: TenantRequest, status: int) -> None:
    """Record a refusal without the address's parameters: they may name a payer."""
    if not is_first_within_minute(
        request.client, request.actor, request.method, request.path, status
    ):
        return
    # The refused view may have set another tenant.
    set_tenant(request.client.pk if request.client else None)
    details: dict[str, object] = {"method": request.method, "status": status}
    with member_log(request) as client:
        record_event(
            Kind.REFUSAL,
            by=actor_of(request),
            client=client or request.client,
            target=mask_secrets(request.path),
            result=Result.REFUSED,
            details=details | ONCE_A_MINUTE,
        )
