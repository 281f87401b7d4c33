"""Log filters that keep what somebody can act on, one line each."""

import logging
from ipaddress import ip_address
from time import monotonic

from django.core.exceptions import DisallowedHost

from paykassma_admin.database.outages import is_away, is_read_only, is_timeout

QUIET_SECONDS = 10


class OneLineFilter(logging.Filter):
    """Replace the traceback of a failure that the code did not cause by its reason."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_away(error) or is_read_only(error) or is_timeout(error):
            reason = str(error).partition("\n")[0]
            record.msg, record.args = "%s: %s", (record.getMessage(), reason)
            record.exc_info = record.exc_text = None
        return True


class NoRepeatsFilter(logging.Filter):
    """Drop repetitions: the pool reports each connection and attempt while the server is away."""

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[str, float] = ("", 0)

    def filter(self, record: logging.LogRecord) -> bool:
        text, (last, until) = record.getMessage(), self._said
        if text == last and monotonic() < until:
            return False
        self._said = (text, monotonic() + QUIET_SECONDS)
        return True


class WrongHostFilter(logging.Filter):
    """Drop requests by address, as scanners send all day; keep names missing in ALLOWED_HOSTS."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], DisallowedHost):
            record.exc_info = record.exc_text = None
        return not is_address(record.__dict__["request"].META.get("HTTP_HOST", ""))


def is_address(host: str) -> bool:
    name = host.partition("]")[0].strip("[") if "[" in host else host.partition(":")[0]
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
