"""Headers of every answer that Django makes, where static files come before it; and HTTPS."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from paykassma_admin.errors import API

HEADERS = {
    # Pages hold money and names: neither a proxy nor the disk of a shared computer keeps one.
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(),"
    " payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)",
}


class SecurityHeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response


class HeadMiddleware:
    """Sends no body where none is asked for: gunicorn drops it, and warns of each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            elif isinstance(response, HttpResponse):
                response.content = b""
        return response


class HttpsOnlyMiddleware:
    """Pages are redirected to HTTPS by Django; the API is refused, before its key is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_open = settings.SERVED_OVER_HTTPS and not request.is_secure()
        if is_open and request.path.startswith(API):
            reason = _("Ask over HTTPS. If a key was sent just now, revoke it: others may have it.")
            return JsonResponse({"reason": reason}, status=403)
        return self.get_response(request)
