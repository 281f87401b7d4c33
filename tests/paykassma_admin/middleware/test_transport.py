import gzip
import json
import logging
import re

import pytest
from django.conf import settings
from django.templatetags.static import static
from pytest_django.asserts import assertContains

from paykassma_admin.middleware.headers import REQUEST_ID
from paykassma_admin.middleware.request_ids import LineFormatter, RequestIdFilter
from paykassma_admin.wsgi import Handler
from tests.support.factories import PASSWORD, make_transaction

pytestmark = pytest.mark.django_db

PAGES = ["/", "/chart.json", "/chart.json?date_from=x", "/payments/transactions/", "/no/such/page/"]
FILES = ["/payments/transactions/export.csv", "/payments/accumulations/export.csv"]
OTHERS = ["/login/", "/health/live", "/api/v1/docs", "/admin/login/", "/api/v1/wallets/balance"]


@pytest.fixture(params=PAGES + FILES + OTHERS)
def response(request, client, alice):
    make_transaction(alice)
    client.force_login(alice)
    response = client.get(request.param)
    response.getvalue()  # a file that nobody reads would keep its transaction open
    return response


def test_no_cache_keeps_it(response):
    assert "no-store" in response.headers["Cache-Control"]


def test_no_other_site_gets_hold_of_it(response):
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_it_is_framed_by_nobody_and_sends_its_forms_to_us_alone(response):
    policy = response.headers["Content-Security-Policy"].split("; ")

    assert {
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    } <= set(policy)


def test_htmx_evaluates_nothing_and_keeps_no_page(client, alice):
    client.force_login(alice)
    page = client.get("/").content.decode()

    [told] = re.findall(r"<meta name=\"htmx-config\"\s+content='([^']+)'>", page)

    told = json.loads(told)
    assert (told["allowEval"], told["historyCacheSize"]) == (False, 0)


def test_it_may_use_no_camera_and_no_place(response):
    assert {"camera=()", "geolocation=()"} <= set(
        response.headers["Permissions-Policy"].split(", ")
    )


def test_each_request_has_a_number_of_its_own(client, alice):
    numbers = {
        client.get("/login/", headers={REQUEST_ID: "forged"}).headers[REQUEST_ID] for _ in range(3)
    }

    assert len(numbers) == 3
    assert "forged" not in numbers


@pytest.mark.parametrize("address", ["/", "/api/v1/docs"])
def test_a_failure_tells_the_number_that_the_log_has(client, alice, monkeypatch, caplog, address):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("secret of the inside")

    monkeypatch.setattr("accounts.middleware.set_request_tenant", fail)
    client.raise_request_exception = False
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.ERROR, "django.request"):
        response = client.get(address)

    assertContains(response, response.headers[REQUEST_ID], status_code=500)
    assert "secret of the inside" not in response.content.decode()
    assert {record.request_id for record in caplog.records} == {response.headers[REQUEST_ID]}


@pytest.mark.parametrize(
    "address", ["/", "/login/", "/no/such/page/", "/health/ready", "/api/v1/docs", *FILES]
)
def test_who_asks_for_the_head_alone_gets_no_body(client, alice, address):
    """gunicorn would drop it, and warn of it each time."""
    client.force_login(alice)

    answer = Handler()(wsgi(client, address), lambda *head: None)

    assert b"".join(answer) == b""
    answer.close()


def wsgi(client, address):
    return client._base_environ(PATH_INFO=address, REQUEST_METHOD="HEAD")


def test_the_head_tells_the_length_of_the_body(client):
    assert client.head("/login/").headers["Content-Length"] != "0"


# HTTPS


@pytest.fixture
def over_https(settings):
    settings.SERVED_OVER_HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def test_a_page_over_http_is_redirected(client, over_https):
    assert client.get("/login/").headers["Location"] == "https://testserver/login/"


@pytest.mark.parametrize("address", ["/api/v1/wallets/balance", "/api/v1/docs", "/api/nowhere"])
def test_the_api_over_http_is_refused_and_says_why(client, over_https, address):
    response = client.post(address, {}, "application/json")

    assert response.status_code == 403
    assert "HTTPS" in response.json()["reason"]


def test_over_https_every_cookie_is_kept_from_scripts_and_other_sites(client, over_https, alice):
    client.get("/login/", secure=True)
    client.post("/login/", {"login": "alice", "password": PASSWORD}, secure=True)
    client.post("/preferences/", {"language": "ru", "theme": "dark"}, secure=True)
    client.post("/security/sessions/end-others/", secure=True)

    assert {"csrftoken", "django_language", "sessionid", "theme"} <= client.cookies.keys()
    for cookie in client.cookies.values():
        assert cookie["secure"] and cookie["httponly"], cookie.key
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


def test_over_https_the_api_answers(client, over_https):
    response = client.post("/api/v1/wallets/balance", {}, "application/json", secure=True)

    assert response.status_code == 401


# What stands in no line of the log


def test_the_link_of_an_invitation_stands_in_no_line_of_the_log(client):
    formatter = LineFormatter("%(message)s")
    lines = [
        logging.makeLogRecord({"msg": message, "args": arguments})
        for message, arguments in [
            ("Forbidden (%s): %s", ("CSRF cookie not set.", "/invitation/s3-c_ret/")),
            ("Not Found: /invitation/s3-c_ret/", ()),
            ('"POST /invitation/s3-c_ret/?next=/ HTTP/1.1" 400', ()),
        ]
    ]

    assert [formatter.format(line) for line in lines] == [
        "Forbidden (CSRF cookie not set.): /invitation/…/",
        "Not Found: /invitation/…/",
        '"POST /invitation/…/?next=/ HTTP/1.1" 400',
    ]
    assert settings.LOGGING["formatters"]["line"]["()"].endswith(".LineFormatter")


@pytest.mark.parametrize(
    "address",
    [
        "/./invitation/s3-c_ret/",
        "/invitation//s3-c_ret/",
        "/invitation/./s3-c_ret/",
        "/Invitation/s3-c_ret",
        "/%69nvitation/s3-c_ret/",
        "/%2569nvitation%2Fs3-c_ret/",
        "/x/../invitation\\s3-c_ret",
    ],
)
def test_however_its_address_is_spelt(client, log, address):
    client.get(address)

    assert log()
    assert "s3-c_ret" not in "".join(log())


@pytest.fixture
def log(caplog):
    formatter = LineFormatter("WARNING {message}", style="{")
    return lambda: "\n".join(map(formatter.format, caplog.records)).splitlines()


@pytest.mark.parametrize("end", ["%0A", "%0D", "%0D%0A", "%C2%85", "%E2%80%A8"])
def test_an_address_forges_no_line_of_the_log(client, alice, log, end):
    client.force_login(alice)

    client.get(f"/no/such/page/{end}WARNING%20forged/")

    [line] = log()
    assert "forged" in line


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\x85", "\u2028"])
def test_nor_does_what_a_failure_quotes(log, end):
    quoted = end.join(["no such number: 1", "WARNING forged"])
    try:
        raise ValueError(quoted)
    except ValueError:
        logging.getLogger("django.request").exception("Failed: %s", quoted)

    first, *further = log()
    assert first == "WARNING Failed: no such number: 1"
    assert [line for line in further if "forged" in line] == ["    WARNING forged"] * 2
    assert all(line.startswith("    ") for line in further)


# Compression


def get_compressed(client):
    return client.get("/login/", headers={"accept-encoding": "gzip"})


def test_a_page_is_compressed_for_who_takes_it(client):
    plain = client.get("/login/")
    response = get_compressed(client)

    assert (response["Content-Encoding"], response["Vary"]) == ("gzip", plain["Vary"])
    assert "Accept-Encoding" in plain["Vary"]
    assert "Content-Encoding" not in plain
    assert b"</html>" in gzip.decompress(response.content)
    assert int(response["Content-Length"]) == len(response.content) < len(plain.content) / 2


def test_the_length_of_a_page_tells_nothing(client):
    lengths = {len(get_compressed(client).content) for _time in range(20)}

    assert max(lengths) - min(lengths) > 20


def test_a_file_of_ours_is_sent_as_it_lies_there(client):
    """Compressed beforehand, or not at all: not anew for each who asks, and nothing of a part."""
    font = static("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")

    response = client.get(font, headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in response
    assert int(response["Content-Length"]) == len(response.getvalue())


def test_no_other_site_reads_our_files(client):
    response = client.get(static("css/frame.css"))

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


def test_what_is_short_stays_as_it_is(client):
    response = client.get("/health/live", headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in response
