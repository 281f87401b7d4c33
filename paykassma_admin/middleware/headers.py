"""Headers of every response that Django makes, and empty bodies for HEAD."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseFileResponse

from paykassma_admin.middleware.request_ids import begin_request, request_id

HEADERS = {
    # Pages hold money and names: neither a proxy nor the disk of a shared computer keeps one.
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(),"
    " payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)",
}
REQUEST_ID = "X-Request-ID"


class ResponseHeadersMiddleware:
    """The outermost: what all other middleware does, and logs, has the request's id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begin_request()
        response = self.get_response(request)
        response.headers[REQUEST_ID] = request_id.get()
        if not isinstance(response, WhiteNoiseFileResponse):  # files of ours are public
            for name, value in HEADERS.items():
                response.headers[name] = value
        if request.method == "HEAD":
            drop_body(response)
        return response


def drop_body(response: HttpResponseBase) -> None:
    """Empty a response to HEAD: gunicorn would drop its body with a warning."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.content = b""
