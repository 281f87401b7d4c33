"""One question to an upstream over HTTP, bounded in time, size and whom it may reach."""

from dataclasses import dataclass
from random import uniform
from time import sleep
from urllib.parse import urlsplit

import httpcore2
import httpx2

from wallets.upstream.network import CheckedBackend, Deadline, ForbiddenAddress, is_private_host
from wallets.upstream.outcomes import Outcome

SECONDS_IN_ALL = 8
TIMEOUT = httpx2.Timeout(5, connect=2)  # to read, and to connect
MOST_BYTES = 64 * 1024
ATTEMPTS = 3
HTTP_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Reply:
    status: int | None = None
    body: bytes = b""


class UpstreamFault(Exception):
    """There is no answer, for a reason; with what came, if anything did."""

    def __init__(
        self, outcome: Outcome, reply: Reply | None = None, *, may_pass: bool = False
    ) -> None:
        super().__init__(outcome.value)
        self.outcome, self.reply, self.may_pass = outcome, reply or Reply(), may_pass


class CheckedTransport(httpx2.HTTPTransport):
    """httpx's own, on connections of ours: it takes no network backend by itself."""

    def __init__(self, deadline: Deadline) -> None:
        context = httpx2.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context, network_backend=CheckedBackend(deadline)
        )


def ask(url: str, secret: str, wallet_type: str) -> Reply:
    """Return what came with status 200, after up to two retries. Raise UpstreamFault."""
    require_encryption(url)
    deadline = Deadline(SECONDS_IN_ALL)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return ask_once(url, secret, wallet_type, deadline)
        except UpstreamFault as fault:
            pause = uniform(0.1, 0.4) * attempt  # noqa: S311  # so that not all come back at once
            if not fault.may_pass or attempt == ATTEMPTS or deadline.left() <= pause:
                raise
            sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def require_encryption(url: str) -> None:
    """Raise UpstreamFault if the secret would go in the clear to others than a private host."""
    parts = urlsplit(url)
    port = parts.port or HTTP_PORTS.get(parts.scheme, 0)
    if parts.scheme != "https" and not is_private_host(parts.hostname or "", port):
        raise UpstreamFault(Outcome.FORBIDDEN)


def ask_once(url: str, secret: str, wallet_type: str, deadline: Deadline) -> Reply:
    try:
        return exchange(url, secret, wallet_type, deadline)
    except ForbiddenAddress:
        raise UpstreamFault(Outcome.FORBIDDEN) from None
    except (httpx2.TimeoutException, httpcore2.TimeoutException):
        raise UpstreamFault(Outcome.SLOW, may_pass=True) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        raise UpstreamFault(Outcome.CLOSED, may_pass=True) from None


def exchange(url: str, secret: str, wallet_type: str, deadline: Deadline) -> Reply:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    with (
        httpx2.Client(transport=CheckedTransport(deadline), timeout=TIMEOUT) as client,
        client.stream("POST", url, json={"wallet_type": wallet_type}, headers=headers) as response,
    ):
        return read_reply(response)


def read_reply(response: httpx2.Response) -> Reply:
    body = b""
    for part in response.iter_raw():  # as it comes: nothing of ours inflates it
        body += part
        if len(body) > MOST_BYTES:
            raise UpstreamFault(Outcome.TOO_LARGE, Reply(response.status_code, body[:MOST_BYTES]))
    reply = Reply(response.status_code, body)
    if response.is_redirect or 300 <= response.status_code < 400:
        raise UpstreamFault(Outcome.REDIRECT, reply)
    if response.status_code != 200:
        may_pass = response.status_code >= 500 or response.status_code == 429
        raise UpstreamFault(Outcome.ERROR, reply, may_pass=may_pass)
    return reply
