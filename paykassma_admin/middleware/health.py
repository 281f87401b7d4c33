"""Health probes: no sign-in, no session, nothing secret, any host name."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

IS_READ_ONLY = "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean"


class HealthMiddleware:
    """Answer probes before the host is checked: balancers use an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return ANSWERS.get(request.path, self.get_response)(request)


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    if reason := readiness_fault():
        return JsonResponse({"ready": False, "reason": reason}, status=503)
    return JsonResponse({"ready": True})


def readiness_fault() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute(IS_READ_ONLY)
            [(is_read_only,)] = cursor.fetchall()
    except DatabaseError:
        return "The database does not answer."
    return "The database is read-only." if is_read_only else ""


ANSWERS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/health/live": live,
    "/health/ready": ready,
}
