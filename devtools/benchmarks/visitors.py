"""Signed-in visitors who ask over HTTP, with as little work of their own as Python allows.

They share the cores with the server: what http.client spends on the headers of one answer would be
a part of each figure.
"""

import gzip
import http.client
import re
import socket
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import brotli

from devtools.benchmarks.generator.size import LOGIN, PASSWORD
from devtools.benchmarks.goals import NotMeasurable
from devtools.setup.server import HOST

UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
PATIENCE_SECONDS = 120
# What a page says of an address that it refuses, or of rows that there are none of.
SHOWS_NOTHING = re.compile(r'class="(errorlist|pk-empty)')


@dataclass(frozen=True)
class Answer:
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        plain: bytes = UNPACK[self.headers.get("content-encoding", "")](self.body)
        return plain.decode()


class Visitor:
    def __init__(self, port: int, cookies: str) -> None:
        self.port, self.cookies = port, cookies
        self._head = (
            f"Host: {HOST}:{port}\r\nCookie: {cookies}\r\nAccept-Encoding: gzip, br\r\n\r\n"
        )
        self._connect()

    def get(self, path: str) -> Answer:
        """Raise NotMeasurable when the answer is no good one; one that opens a row is."""
        started = time.perf_counter()
        status = self._ask(path)
        if not status:  # the server has closed what nobody used for a while
            self._connect()
            started = time.perf_counter()
            status = self._ask(path)
        headers = self._read_headers()
        body = self._read_body(headers)
        is_row = status.split()[1:2] == [b"302"] and "/login/" not in headers.get("location", "")
        if status.split()[1:2] != [b"200"] and not is_row:
            raise NotMeasurable(f"{path} answers {status.decode().strip() or 'nothing'}")
        return Answer(headers, body, time.perf_counter() - started)

    def get_rows(self, path: str) -> str:
        """The page, which shows something. Raise NotMeasurable where it does not."""
        page = self.get(path).text
        if SHOWS_NOTHING.search(page):
            raise NotMeasurable(f"{path} shows nothing")
        return page

    def another(self) -> "Visitor":
        return Visitor(self.port, self.cookies)

    def close(self) -> None:
        self._answers.close()
        self._socket.close()

    def _connect(self) -> None:
        self._socket = socket.create_connection((HOST, self.port), timeout=PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")

    def _ask(self, path: str) -> bytes:
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{self._head}".encode())
        return self._answers.readline()

    def _read_headers(self) -> dict[str, str]:
        headers = {}
        while (line := self._answers.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return headers

    def _read_body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self._answers.read(int(headers.get("content-length", 0)))
        chunks = []
        while size := int(self._answers.readline(), 16):
            chunks.append(self._answers.read(size))
            self._answers.readline()
        self._answers.readline()
        return b"".join(chunks)


def sign_in(port: int) -> Visitor:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/login/")
    page = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken"\s+value="(\w+)"', page.read().decode())
    if token is None:
        raise NotMeasurable("the sign-in page has no form")
    form = {"csrfmiddlewaretoken": token[1], "login": LOGIN, "password": PASSWORD}
    headers = {"Cookie": cookies_of(page), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login/", urlencode(form), headers)
    signed_in = connection.getresponse()
    if signed_in.status != 302:
        raise NotMeasurable(f"signing in answers {signed_in.status}")
    connection.close()
    return Visitor(port, cookies_of(signed_in))


def cookies_of(answer: http.client.HTTPResponse) -> str:
    cookies: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie", []):
        cookies.load(line)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
