"""An administrator looks at a Client's pages as its auditor does (docs/adr/0024).

Which Client, and until when, stands in his session. The middleware asks it on each request, so that
who is no administrator any more, or looks at a Client that is switched off, sees nothing at once.
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
LASTS = timedelta(minutes=30)
KEPT = "looking"  # in the session


def begin(request: TenantRequest, client: Client) -> None:
    """From now on he sees the pages of `client`, and of no other."""
    end(request)
    until = timezone.now() + LASTS
    request.session[KEPT] = {"client": client.pk, "until": until.isoformat()}
    record(request, client, looking="begun", minutes=LASTS // timedelta(minutes=1))


def end(request: TenantRequest) -> Client | None:
    """The Client that he has looked at until now; None where he did not look."""
    client_id = impersonated_client(request)
    client = Client.objects.filter(pk=client_id).first() if client_id else None
    request.session.pop(KEPT, None)
    if client:
        record(request, client, looking="ended")
    return client


def impersonated_client(request: HttpRequest) -> int | None:
    """Its id; None where he does not look, or the time for it is over."""
    kept = request.session.get(KEPT)
    if kept is None or datetime.fromisoformat(kept["until"]) <= timezone.now():
        return None
    client_id: int = kept["client"]
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


end_impersonation.page_of_the_form = "/"  # type: ignore[attr-defined]  # it takes a POST alone
