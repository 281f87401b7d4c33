"""One request and its answer, through the WSGI application that production serves."""

import gzip
import io
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

HOST = "localhost"


@dataclass(frozen=True)
class HostileRequest:
    visitor: str
    method: str
    path: bytes
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)  # beside, or instead of, the visitor's
    body: bytes = b""
    content_type: str = ""

    def __str__(self) -> str:
        parts = [f"{self.visitor}: {self.method} {self.path!r}"]
        parts += [f"{name}={value!r}"[:3000] for name, value in vars(self).items() if value]
        return "\n    ".join([parts[0], *parts[4:]])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes  # as a browser reads it, not compressed any more
    seconds: float
    cookies: dict[str, str] = field(default_factory=dict)  # that it sets

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


def ask(application: Any, asked: HostileRequest, cookies: dict[str, str], *, https: bool) -> Answer:
    begun: list[Any] = []
    environ = wsgi_environ(asked, cookies, https=https)
    started = time.perf_counter()
    answer = application(environ, lambda status, headers, *_: begun.extend((status, headers)))
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    seconds = time.perf_counter() - started
    status, headers = begun
    named = {name.lower(): value for name, value in headers}
    if body and named.get("content-encoding") == "gzip" and not status.startswith("206"):
        body = gzip.decompress(body)
    return Answer(int(status[:3]), named, body, seconds, parse_cookies(headers))


def parse_cookies(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Return cookies by name; "" for a deleted one."""
    pairs = (value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")
    return {name: value for name, _, value in (each.partition("=") for each in pairs)}


def wsgi_environ(asked: HostileRequest, cookies: dict[str, str], *, https: bool) -> dict[str, Any]:
    own = {name.upper().replace("-", "_"): value for name, value in asked.headers.items()}
    length = own.pop("CONTENT_LENGTH", str(len(asked.body)) if asked.body else "")
    sent = {"HOST": HOST, "X_FORWARDED_FOR": "203.0.113.7"}
    if https:
        sent |= {"X_FORWARDED_PROTO": "https", "ORIGIN": f"https://{HOST}"}
    if together := cookies | asked.cookies:
        sent["COOKIE"] = "; ".join(f"{name}={value}" for name, value in together.items())
    return {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": asked.path.decode("latin-1"),
        "QUERY_STRING": asked.query,
        "CONTENT_TYPE": asked.content_type,
        "CONTENT_LENGTH": length,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(asked.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{f"HTTP_{name}": to_latin(value) for name, value in (sent | own).items()},
    }


def to_latin(text: str) -> str:
    """Return UTF-8 bytes as characters of one byte each, as WSGI passes headers."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def header_text(text: str) -> str:
    return text.translate({ord("\r"): None, ord("\n"): None, 0: None})


def encode_pairs(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote_text(name)}={quote_text(value)}" for name, value in pairs)


def quote_text(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))
