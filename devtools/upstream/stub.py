"""An upstream that answers in the guide's format, or in a way that is ordered by its path.

`python -m devtools.upstream.stub 8100` serves http://127.0.0.1:8100/balance, and for example
http://127.0.0.1:8100/slow.
"""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from zlib import crc32

HOST = "127.0.0.1"
SLOW_SECONDS = 60
PERIOD = 3600  # seconds in which a balance goes up and down once


class Upstream(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__((HOST, port), Handler)
        self.asked: list[tuple[str, dict[str, object], str]] = []  # path, question, authorization
        self.is_closing = Event()

    @property
    def address(self) -> str:
        return f"{HOST}:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that whoever asked has closed."""


class Handler(BaseHTTPRequestHandler):
    server: Upstream

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        question = json.loads(self.rfile.read(length) or b"{}")
        said = self.path, question, self.headers.get("Authorization", "")
        self.server.asked.append(said)
        FAULTS.get(self.path.strip("/"), answer_well)(self)

    def log_message(self, *args: object) -> None:
        pass

    @property
    def wallet_type(self) -> str:
        return str(self.server.asked[-1][1].get("wallet_type", ""))

    def say(self, body: bytes, *, status: int = 200, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


def answer_well(handler: Handler) -> None:
    balance = balance_at(handler.wallet_type, time.time())
    handler.say(f'{{"status": true, "balance": {balance}, "commission": 1.5}}'.encode())


def balance_at(wallet_type: str, moment: float) -> Decimal:
    """Return a whole amount that moves by the minute, another for each type."""
    base = 100_000 + crc32(wallet_type.encode()) % 900_000
    place = abs(moment % PERIOD - PERIOD / 2) / PERIOD
    return Decimal(base + int(base * place) // 100 * 100)


def answer_unavailable(handler: Handler) -> None:
    handler.say(b'{"status": false, "balance": null, "commission": null}')


def answer_slowly(handler: Handler) -> None:
    handler.server.is_closing.wait(SLOW_SECONDS)


def answer_by_drops(handler: Handler) -> None:
    """Send a byte now and then: no single wait is long."""
    with contextlib.suppress(OSError):
        for byte in b"HTTP/1.1 200 OK\r\nX-Padding: " + b"." * SLOW_SECONDS:
            handler.wfile.write(bytes([byte]))
            if handler.server.is_closing.wait(1):
                return


def close(handler: Handler) -> None:
    handler.close_connection = True


def answer_half(handler: Handler) -> None:
    handler.say(b'{"status": true, "balan', length=60)
    handler.close_connection = True


def answer_hugely(handler: Handler) -> None:
    with contextlib.suppress(OSError):
        handler.say(b" " * 10_000_000)


def redirect(handler: Handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/balance")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def say(body: str, *, status: int = 200) -> Callable[[Handler], None]:
    return lambda handler: handler.say(body.encode(), status=status)


FAULTS: dict[str, Callable[[Handler], None]] = {
    "slow": answer_slowly,
    "drops": answer_by_drops,
    "closed": close,
    "half": answer_half,
    "huge": answer_hugely,
    "html": say("<!doctype html><title>Maintenance</title>"),
    "nan": say('{"status": true, "balance": NaN, "commission": 1.5}'),
    "wrong_type": say('{"status": "yes", "balance": "123456", "commission": []}'),
    "error": say("Internal error", status=500),
    "redirect": redirect,
    "unavailable": answer_unavailable,
}


@contextlib.contextmanager
def run_upstream() -> Iterator[Upstream]:
    """Serve on a free port beside this thread."""
    upstream = Upstream()
    Thread(target=upstream.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield upstream
    finally:
        upstream.is_closing.set()
        upstream.shutdown()
        upstream.server_close()


if __name__ == "__main__":
    Upstream(int(sys.argv[1])).serve_forever()
