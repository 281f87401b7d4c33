"""Connections that go to a checked address and end by a deadline.

The name is resolved once: what is checked is what is connected to, so a name that changes its
address in between (DNS rebinding) gains nothing. TLS still asks for the certificate of the name.
"""

import socket
import ssl
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

import httpcore2
from django.conf import settings

NAT64 = IPv6Network("64:ff9b::/96")
METADATA = {ip_address("fd00:ec2::254"), ip_address("100.100.100.200")}

type Address = IPv4Address | IPv6Address


class ForbiddenAddress(Exception):
    """The host is in a network that nobody outside should reach through us."""


class Deadline:
    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def left(self) -> float:
        return self._ends - monotonic()

    def cut(self, timeout: float | None) -> float:
        """Return the shorter of both. Raise ReadTimeout once it is over."""
        left = self.left()
        if left <= 0:
            raise httpcore2.ReadTimeout("the deadline is over")
        return left if timeout is None else min(timeout, left)


class CheckedBackend(httpcore2.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        connecting = Deadline(self._deadline.cut(timeout))
        addresses = resolve(host, port, connecting.left())
        for address in addresses:  # all before any
            require_allowed(address, host, port)
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    str(address), port, connecting.cut(None), local_address, socket_options
                )
            except httpcore2.ConnectError:
                continue
            return TimedStream(stream, self._deadline)
        raise httpcore2.ConnectError(f"no address of {host} answers")


class TimedStream(httpcore2.NetworkStream):
    """Waits for each byte as long as it may, and for all of them until the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        cut = self._deadline.cut(timeout)
        return TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, cut), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def resolve(host: str, port: int, timeout: float) -> list[Address]:
    """Look a name up beside this thread: the system's resolver has no bound in time."""
    found: SimpleQueue[list[Address]] = SimpleQueue()

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            rows = []
        found.put([ip_address(str(row[4][0]).partition("%")[0]) for row in rows])

    Thread(target=look_up, daemon=True).start()
    try:
        addresses = found.get(timeout=timeout)
    except Empty:
        raise httpcore2.ConnectTimeout(f"{host} was not resolved in time") from None
    if not addresses:
        raise httpcore2.ConnectError(f"{host} has no address")
    return [*dict.fromkeys(addresses)]


def require_allowed(address: Address, host: str, port: int) -> None:
    """Raise ForbiddenAddress unless the address is public, or private and named in the settings."""
    own = carried_address(address)
    is_reachable = own.is_global and not own.is_multicast
    is_named = is_private_host(host, port) and own.is_private and not own.is_link_local
    if own in METADATA or not (is_reachable or is_named):
        raise ForbiddenAddress(f"{host} is at {address}")


def is_private_host(host: str, port: int) -> bool:
    return f"{host.lower()}:{port}" in settings.UPSTREAM_PRIVATE_HOSTS


def carried_address(address: Address) -> Address:
    """Return the address of version 4 that one of version 6 leads to, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
