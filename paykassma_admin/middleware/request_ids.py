"""Request ids, shown on error pages and in the log; and masks for secrets in logged addresses."""

import logging
import re
import secrets
from contextvars import ContextVar

# It opens a Client to its reader, however often and wherever the address that has it is encoded.
WORD = "".join(f"(?:{c}|%(?:25)*(?:{ord(c):x}|{ord(c.upper()):x}))" for c in "invitation")
SECRETS = re.compile(rf"({WORD}(?:[/\\]|%(?:25)*(?:2f|5c))+)[^\s?#'\"]+", re.IGNORECASE)
request_id: ContextVar[str] = ContextVar("request_id", default="-")


def begin_request() -> None:
    """Set a new id; a visitor's own is not believed."""
    request_id.set(f"{secrets.randbelow(10**12):012}")  # digits, as it may be told by phone


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
