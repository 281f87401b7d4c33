"""Answers to failures of our own. They read neither user nor session, which the database holds."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from paykassma_admin.request_ids import request_id

API = "/api/"
RETRY_SECONDS = 10


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: Django's own looks for the form's token first, in a body that nobody can read."""
    page = render_to_string("400.html")
    # Before the middleware that says so of all other answers, hosts are refused.
    return HttpResponse(page, status=400, headers={"Cache-Control": "no-store"})


def failed(request: HttpRequest) -> HttpResponse:
    """handler500: 503 while the database is away, since that passes by itself."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    if request.path.startswith(API):
        reason = _("The service failed. We will look into it.")
        return JsonResponse({"reason": reason, "request_id": request_id.get()}, status=500)
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_SECONDS)}
    if request.path.startswith(API):
        reason = _("The service is unavailable for a moment. Try again in ten seconds.")
        return JsonResponse({"reason": reason}, status=503, headers=headers)
    # Only what was asked for by GET may be asked for again without the user.
    if repeats := request.method == "GET":
        headers["Refresh"] = str(RETRY_SECONDS)
    page = render_to_string("503.html", {"repeats": repeats})
    return HttpResponse(page, status=503, headers=headers)
