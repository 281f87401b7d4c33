"""Responses to our own failures. They read neither user nor session, which the database holds."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from paykassma_admin.api.problems import problem
from paykassma_admin.database.outages import is_outage, is_timeout
from paykassma_admin.middleware.request_ids import request_id

API = "/api/"
RETRY_SECONDS = 10


def is_for_api(request: HttpRequest) -> bool:
    return f"{request.path}/".startswith(API)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle 400 without the form's token, for which Django would read a broken body."""
    if is_for_api(request):
        reason = _("The request is malformed.")
        return problem(400, reason)
    return HttpResponse(render_to_string("400.html"), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_api(request):
        reason = _("There is no such address. What there is stands at /api/v1/docs.")
        return problem(404, reason)
    return page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Handle 500: 503 while the database is away, which passes by itself; 504 after a timeout."""
    error = sys.exception()
    if is_timeout(error):
        return timed_out(request)
    if is_outage(error):
        return unavailable(request)
    if is_for_api(request):
        reason = _("The service failed. We will look into it.")
        return problem(500, reason)
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)


def timed_out(request: HttpRequest) -> HttpResponse:
    """Return 504 without Retry-After, since the database would be as slow again.

    503 would mean an outage, and have programs retry at once.
    """
    if request.path.startswith(API):
        reason = _("This took too long and was stopped. Ask for less at once.")
        return problem(504, reason)
    return HttpResponse(render_to_string("504.html"), status=504)


def unavailable(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_SECONDS)}
    if is_for_api(request):
        reason = _("The service is temporarily unavailable. Try again in ten seconds.")
        return problem(503, reason, headers=headers)
    # Only what was asked for by GET may be asked for again without the user.
    if repeats := request.method == "GET":
        headers["Refresh"] = str(RETRY_SECONDS)
    page = render_to_string("503.html", {"repeats": repeats})
    return HttpResponse(page, status=503, headers=headers)
