"""Request ids, shown on error pages and in the log; and masks for secrets in logged addresses."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
# It opens a Client to its reader, however often and wherever the address that has it is encoded.
WORD = "".join(f"(?:{c}|%(?:25)*(?:{ord(c):x}|{ord(c.upper()):x}))" for c in "invitation")
SECRETS = re.compile(rf"({WORD}(?:[/\\]|%(?:25)*(?:2f|5c))+)[^\s?#'\"]+", re.IGNORECASE)
request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdMiddleware:
    """Set a new id before all other middleware; a visitor's own is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id.set(f"{secrets.randbelow(10**12):012}")  # digits, as it may be told by phone
        response = self.get_response(request)
        response.headers[HEADER] = request_id.get()
        return response


def mask_secrets(text: str) -> str:
    return SECRETS.sub(r"\1…/", text)


class LineFormatter(logging.Formatter):
    """Indent every line but the first: a traceback quotes what a visitor has sent."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n    ".join(mask_secrets(super().format(record)).splitlines())


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True
