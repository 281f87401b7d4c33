"""Who is slow, or asks without pause, holds up nobody: behind nginx as docs/nginx.conf has it.

Needs Debian's package nginx, which CI installs; without it these tests are skipped, and say so.
"""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
from django.test import Client as Browser

from tests.support.factories import make_client, make_member, make_transaction
from tests.support.servers import run_server

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])

SITE = Path(__file__).parents[2] / "docs/nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
LIST = "/payments/transactions/?per_page=100"
HOST = "127.0.0.1"
THREADS = 4
SLOW = 24
QUICK_SECONDS = 2
GREEDY = 400  # requests of one address, one after the other
OFFICE = 200  # of an address, at once, are its people's
WORK_SECONDS = 4  # within which all that the slow ones asked for is made
UNVERIFIED = ssl._create_unverified_context()  # its certificate is of this test

# Of the rest of its configuration no more than it needs beside Debian's.
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@pytest.fixture(autouse=True)
def noon():
    """Leave the clock alone: a session lives by the clock of the server, which is the machine's."""


@pytest.fixture
def gunicorn(transactional_db, tmp_path):
    options = ["--workers=1", f"--threads={THREADS}", "--keep-alive=60"]
    with run_server(tmp_path, "", *options, SERVED_OVER_HTTPS="on") as place:
        yield place


@pytest.fixture
def cookie(transactional_db):
    alice = make_member("alice", client=make_client("alpha"))
    for number in range(100):
        make_transaction(alice, f"{number:0190}", label="x" * 190, counterparty="y" * 190)
    browser = Browser()
    browser.force_login(alice)
    return f"__Host-sessionid={browser.cookies['sessionid'].value}"


@pytest.fixture
def nginx(gunicorn, tmp_path):
    if NGINX is None:
        warnings.warn("nginx is not installed: slow clients were not tried.", stacklevel=2)
        pytest.skip("nginx is not installed")
    ports = free_port(), free_port()
    (tmp_path / "nginx.conf").write_text(configuration(tmp_path, gunicorn, *ports))
    with subprocess.Popen([NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf"]) as process:
        wait_for(ports[1])
        yield ports
        process.terminate()


def configuration(folder, gunicorn, plain, secure):
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-out", certificate, "-keyout", key),
        ],
        check=True,
        capture_output=True,
    )
    site = SITE.read_text()
    for written, here in {
        "127.0.0.1:8000": "{}:{}".format(*gunicorn),
        "rate=20r/s": "rate=1r/s",  # else a slow machine would not ask too often
        "listen 80;": f"listen {HOST}:{plain};",
        "listen 443 ssl;": f"listen {HOST}:{secure} ssl;",
        "/var/log/nginx/paykassma.log": folder / "access.log",
        "/var/log/nginx/paykassma-errors.log": folder / "errors.log",
        "/etc/ssl/certs/paykassma.pem": certificate,
        "/etc/ssl/private/paykassma.key": key,
    }.items():
        assert site.count(written) == 1
        site = site.replace(written, str(here))
    # As root it would take away its own rights, and could not enter a test's folder then.
    user = "user root;" if os.geteuid() == 0 else ""
    return AROUND.format(folder=folder, site=site, user=user)


def free_port():
    with socket.create_server((HOST, 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port):
    deadline = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


HEAD = f"POST /login/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
FORM = f"{HEAD}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin"


def partial_requests(cookie):
    page = HEAD.replace("POST /login/", f"GET {LIST}") + f"Cookie: {cookie}\r\n\r\n"
    return {"headers": HEAD, "body": FORM, "reading": page}


@contextmanager
def slow_clients(port, text, *, secure):
    with ExitStack() as lines:
        for _client in range(SLOW):
            line = socket.socket()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.settimeout(10)
            line.connect((HOST, port))
            line = lines.enter_context(UNVERIFIED.wrap_socket(line) if secure else line)
            line.sendall(text.encode())
        time.sleep(WORK_SECONDS)
        yield


def seconds_of_a_page(line):
    started = time.monotonic()
    line.request("GET", "/login/", headers={"X-Forwarded-Proto": "https"})
    answer = line.getresponse()
    answer.read()
    assert answer.status == 200
    return time.monotonic() - started


@pytest.mark.parametrize("slow_at", ["headers", "body", "reading"])
def test_behind_nginx_slow_clients_hold_up_nobody(nginx, cookie, slow_at):
    line = http.client.HTTPSConnection(HOST, nginx[1], timeout=20, context=UNVERIFIED)
    seconds_of_a_page(line)  # gunicorn has begun by then
    with slow_clients(nginx[1], partial_requests(cookie)[slow_at], secure=True):
        seconds_of_a_page(line)  # after all that the slow ones have asked for, which is made first
        taken = [seconds_of_a_page(line) for _page in range(5)]
        line.close()

    assert max(taken) < QUICK_SECONDS


@pytest.mark.parametrize("slow_at", ["headers", "body"])
def test_without_it_slow_senders_would(gunicorn, cookie, slow_at):
    """Else the test above would show nothing. A page that is read slowly the kernel holds, too."""
    with slow_clients(gunicorn[1], partial_requests(cookie)[slow_at], secure=False):
        line = http.client.HTTPConnection(*gunicorn, timeout=QUICK_SECONDS)
        with pytest.raises(TimeoutError):
            seconds_of_a_page(line)
        line.close()


def test_what_is_told_of_the_visitor_is_nginxs_own_word(nginx):
    plain = http.client.HTTPConnection(HOST, nginx[0], timeout=20)
    told = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}

    plain.request("POST", "/api/v1/wallets/balance", "{}", told)
    api = plain.getresponse()
    api.read()
    plain.request("GET", "/login/", headers=told)
    page = plain.getresponse()
    plain.close()

    assert (api.status, page.status) == (403, 301)
    assert page.getheader("Location") == f"https://{HOST}/login/"


def test_who_asks_without_pause_is_told_to_wait_and_others_are_served(nginx):
    greedy = http.client.HTTPConnection(HOST, nginx[0], timeout=20)
    other = http.client.HTTPConnection(HOST, nginx[0], timeout=20, source_address=("127.0.0.2", 0))

    answers = [answer_to(greedy, "/login/") for _request in range(GREEDY)]
    refused = [answer for answer in answers if answer.status == 429]

    assert OFFICE < GREEDY - len(refused) < GREEDY
    assert {answer.getheader("Retry-After") for answer in refused} == {"10"}
    assert answer_to(greedy, "/static/css/frame.css").status == 301
    assert answer_to(other, "/login/").status == 301


def test_its_log_has_no_payer_and_no_secret_of_an_invitation(nginx, tmp_path):
    line = http.client.HTTPConnection(HOST, nginx[0], timeout=20)
    from_the_link = {"Referer": "https://localhost/invitation/secret/"}

    answer_to(line, "/payments/transactions/?counterparty=Rahim")
    answer_to(line, "/static/css/frame.css", from_the_link)
    asked = [answer_to(line, "/invitation/secret/").status for _request in range(GREEDY)]

    assert {301, 429} == set(asked)
    log = (tmp_path / "access.log").read_text() + (tmp_path / "errors.log").read_text()
    assert "/payments/transactions/" in log
    assert "/static/css/frame.css" in log
    assert not {"Rahim", "secret"} & set(re.findall(r"\w+", log))


SPELLINGS = [
    "/%69nvitation/secret/",
    "/./invitation/secret/",
    "//invitation//secret/",
    "/x/../invitation/secret/",
    "/invitation%2Fsecret/",
    "/Invitation/secret",
    "/%2569nvitation/secret/",
    "/invitation%5Csecret",
]


def test_nor_by_another_spelling_of_its_address(nginx, tmp_path):
    line = http.client.HTTPConnection(HOST, nginx[0], timeout=20)

    for address in [*SPELLINGS, "/members/invitations/7/revoke/"]:
        answer_to(line, address)
    line.close()

    log = (tmp_path / "access.log").read_text() + (tmp_path / "errors.log").read_text()
    assert "/members/invitations/7/revoke/" in log
    assert "secret" not in log


def test_a_form_is_taken_at_another_port_than_443(nginx):
    """Its page is of this host and this port, which the application has to know."""
    line = http.client.HTTPSConnection(HOST, nginx[1], timeout=20, context=UNVERIFIED)
    line.request("GET", "/login/")
    page = line.getresponse()
    token = re.search(rb'csrfmiddlewaretoken" value="(\w+)"', page.read())[1].decode()
    cookie = page.getheader("Set-Cookie").split(";")[0]
    form = f"login=alice&password=wrong&csrfmiddlewaretoken={token}"
    origin = f"https://{HOST}:{nginx[1]}"

    line.request(
        "POST",
        "/login/",
        form,
        {
            "Cookie": cookie,
            "Origin": origin,
            "Referer": f"{origin}/login/",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )

    assert line.getresponse().status == 200
    line.close()


def answer_to(line, address, headers=MappingProxyType({})):
    line.request("GET", address, headers=headers)
    answer = line.getresponse()
    answer.read()
    return answer
