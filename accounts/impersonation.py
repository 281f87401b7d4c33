"""Impersonation: an administrator views a Client's pages as its auditor does (docs/adr/0024).

The session holds the Client and the end. TenantMiddleware asks for it on each request, so that it
ends at once with the administrator's rights or the Client's activity.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.actors import actor_of
from accounts.http import TenantRequest
from accounts.roles import Role
from audit.kinds import Kind
from audit.record import record_event
from clients.models import Client

ROLE = Role.AUDITOR
DURATION = timedelta(minutes=30)
SESSION_KEY = "looking"


def begin(request: TenantRequest, client: Client) -> None:
    end(request)
    until = timezone.now() + DURATION
    request.session[SESSION_KEY] = {"client": client.pk, "until": until.isoformat()}
    record(request, client, looking="begun", minutes=DURATION // timedelta(minutes=1))


def end(request: TenantRequest) -> Client | None:
    client_id = impersonated_client(request)
    client = Client.objects.filter(pk=client_id).first() if client_id else None
    request.session.pop(SESSION_KEY, None)
    if client:
        record(request, client, looking="ended")
    return client


def impersonated_client(request: HttpRequest) -> int | None:
    stored = request.session.get(SESSION_KEY)
    if stored is None or datetime.fromisoformat(stored["until"]) <= timezone.now():
        return None
    client_id: int = stored["client"]
    return client_id


def record(request: TenantRequest, client: Client, **details: object) -> None:
    record_event(
        Kind.CLIENT_VIEWED,
        by=actor_of(request),
        client=client,
        target=client.slug,
        details=details,
    )


@require_POST
def end_impersonation(request: TenantRequest) -> HttpResponse:
    client = end(request)
    return redirect("admin:clients_client_change", client.pk) if client else redirect("/")


end_impersonation.form_page = "/"  # type: ignore[attr-defined]  # it takes a POST alone
