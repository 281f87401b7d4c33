"""Whom an upstream's address may lead to, and how long it may take."""

import socket
from ipaddress import ip_address
from time import monotonic

import httpcore2
import pytest

from wallets.upstream import http, network
from wallets.upstream.http import UpstreamFault, ask
from wallets.upstream.network import ForbiddenAddress, require_allowed
from wallets.upstream.outcomes import Outcome

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:5",
    "2002:a00:5::",
]


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_is_forbidden(address):
    with pytest.raises(ForbiddenAddress):
        require_allowed(ip_address(address), "upstream.example", 443)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_public_address_is_allowed(address):
    require_allowed(ip_address(address), "upstream.example", 443)


def test_private_host_is_allowed_by_name_and_port(settings):
    settings.UPSTREAM_PRIVATE_HOSTS = ["upstream.lan:8443"]

    require_allowed(ip_address("10.0.0.5"), "upstream.lan", 8443)
    for host, port in [("upstream.lan", 5432), ("other.lan", 8443)]:
        with pytest.raises(ForbiddenAddress):
            require_allowed(ip_address("10.0.0.5"), host, port)


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "fd00:ec2::254"])
def test_metadata_is_forbidden_to_a_named_host_too(settings, address):
    settings.UPSTREAM_PRIVATE_HOSTS = ["upstream.lan:80"]

    with pytest.raises(ForbiddenAddress):
        require_allowed(ip_address(address), "upstream.lan", 80)


@pytest.fixture
def names(monkeypatch):
    """Names and the addresses that they have, one answer after the other."""
    names = {}

    def look_up(host, port, **options):
        answers = names[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(network.socket, "getaddrinfo", look_up)
    return names


def outcome_of(url):
    with pytest.raises(UpstreamFault) as raised:
        ask(url, "s3cret", "dusupay")
    return raised.value.outcome


def test_name_of_a_private_address_is_not_asked(names):
    names["upstream.example"] = [["10.0.0.5"]]

    assert outcome_of("https://upstream.example/") == Outcome.FORBIDDEN


def test_one_private_address_among_public_ones_forbids_all(names):
    names["upstream.example"] = [["93.184.215.14", "127.0.0.1"]]

    assert outcome_of("https://upstream.example/") == Outcome.FORBIDDEN


def test_name_that_changes_its_address_is_connected_where_it_was_checked(names, monkeypatch):
    names["upstream.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    connected = []

    def connect(self, host, port, *args):
        connected.append(host)
        raise httpcore2.ReadError("far away")

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    monkeypatch.setattr(http, "ATTEMPTS", 1)

    assert outcome_of("https://upstream.example/") == Outcome.CLOSED
    assert connected == ["93.184.215.14"]


def test_secret_does_not_go_over_http_to_a_public_host(names):
    names["upstream.example"] = [["93.184.215.14"]]

    assert outcome_of("http://upstream.example/") == Outcome.FORBIDDEN


def test_question_and_secret_arrive_in_the_guides_format(upstream):
    reply = ask(f"http://{upstream.address}/balance", "s3cret", "dusupay")

    assert reply.status == 200
    assert upstream.asked == [("/balance", {"wallet_type": "dusupay"}, "Bearer s3cret")]


def test_error_is_asked_again_twice(upstream):
    assert outcome_of(f"http://{upstream.address}/error") == Outcome.ERROR
    assert len(upstream.asked) == 3


def test_redirect_is_not_followed(upstream):
    assert outcome_of(f"http://{upstream.address}/redirect") == Outcome.REDIRECT
    assert len(upstream.asked) == 1


@pytest.mark.parametrize("fault", ["slow", "drops"])
def test_upstream_has_two_seconds_in_all(upstream, hurry, fault):
    begin = monotonic()

    assert outcome_of(f"http://{upstream.address}/{fault}") == Outcome.SLOW
    assert monotonic() - begin < 3


def test_slow_resolver_has_the_time_of_a_connection(monkeypatch, hurry):
    from threading import Event

    forever = Event()
    monkeypatch.setattr(network.socket, "getaddrinfo", lambda *a, **k: forever.wait(10) and [])
    begin = monotonic()

    assert outcome_of("https://upstream.example/") == Outcome.SLOW
    assert monotonic() - begin < 3
    forever.set()


def test_bounds_are_those_of_the_promise():
    assert (http.TIMEOUT.connect, http.TIMEOUT.read, http.SECONDS_IN_ALL) == (2, 5, 8)
    assert (http.MOST_BYTES, http.ATTEMPTS) == (65536, 3)
