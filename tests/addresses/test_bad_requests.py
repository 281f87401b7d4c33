import pytest

from tests.support.factories import PASSWORD
from tests.support.pages import words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

# Each a broken UTF-8, a NUL byte or 10,000 characters where a text belongs.
QUERIES = ["label=%FF", "label=%00", "label=%ED%A0%80", "label=" + "x" * 10_000, "%FF=%FF&%00=%00"]
PAGES = [
    "/",
    "/chart.json",
    "/payments/transactions/",
    "/payments/accumulations/",
    "/wallets/balance/",
    "/login/",
    "/api/v1/docs",
]


def test_a_broken_query_breaks_no_page(client, alice, subtests):
    client.force_login(alice)

    for page in PAGES:
        for query in QUERIES:
            with subtests.test(page=page, query=query):
                visitor = Browser().get(f"{page}?{query}")
                member = client.get(f"{page}?{query}")

                assert visitor.status_code in (200, 302)
                assert member.status_code in (200, 302, 400)


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/%FF/",
        "/" + "x" * 10_000,
        "/payments/transactions/%00/",
        "/payments/transactions/%FF/",
        "/payments/transactions/-1/",
        "/payments/transactions/" + "9" * 400 + "/",
        "/static/%00",
        "/static/../manage.py",
        "/api/v1/%00",
    ],
    ids=lambda address: address[:32],
)
def test_an_address_that_cannot_be_is_a_404(client, alice, address):
    client.force_login(alice)

    assert client.get(address).status_code == 404


def test_no_file_of_the_source_is_served(client, alice, subtests):
    client.force_login(alice)

    for before in ["/", "/static/", "/static/../", "/static/%2e%2e/"]:
        for file in [
            ".git/HEAD",
            ".env",
            "manage.py",
            "paykassma_admin/settings.py",
            "docs/nginx.conf",
        ]:
            with subtests.test(before=before, file=file):
                assert client.get(before + file).status_code == 404


def test_another_host_is_a_400_in_our_dress(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]

    response = client.get("/login/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "Запрос составлен неверно" in words(response)


def test_no_host_at_all_is_a_400_too(client, settings, subtests):
    settings.ALLOWED_HOSTS = ["testserver"]

    for host in ["a b", "\0", "x" * 10_000, "тест", "[::1", "a,b", "testserver:x"]:
        with subtests.test(host=host):
            assert client.get("/login/", SERVER_NAME="x", HTTP_HOST=host).status_code == 400


BODIES = {
    "broken UTF-8": b"login=%FF&password=%FF",
    "raw bytes": b"\xff\xfe\x00=\x00",
    "NUL": b"login=a%00b&password=a%00b",
    "no pairs": b"&&&===;;;",
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_broken_form_is_no_sign_in_and_no_failure(client, alice, body):
    response = client.post("/login/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"login=a"),
        ("application/x-www-form-urlencoded", b"&".join(b"%d=1" % n for n in range(1001))),
        ("application/x-www-form-urlencoded", b"login=" + b"x" * 3_000_000),
    ],
)
def test_a_body_that_cannot_be_read_is_the_senders_fault(client, kind, body):
    assert client.post("/login/", body, content_type=kind).status_code in (200, 400, 413)


@pytest.mark.parametrize("after", ["\0", "/%00", "/" + "x" * 10_000, "\ud7ff", "//\0"])
def test_a_broken_address_to_return_to_breaks_no_sign_in(client, alice, after):
    response = client.post("/login/", {"login": "alice", "password": PASSWORD, "next": after})

    assert response.status_code in (200, 302)
    assert not response.get("Location", "/").startswith("//")


def test_a_broken_cookie_is_as_none(client, subtests):
    for name in ["sessionid", "csrftoken", "django_language", "theme"]:
        for value in ["\xff", "a b", "x" * 10_000, "%00", "ru' or 1=1"]:
            with subtests.test(name=name, value=value):
                response = client.get("/", headers={"Cookie": f"{name}={value}"})

                assert response["Location"] == "/login/?next=/"
                assert (
                    client.get("/login/", headers={"Cookie": f"{name}={value}"}).status_code == 200
                )


def test_an_unexpected_method_is_no_failure(client, subtests):
    for page in ["/login/", "/health/live", "/"]:
        for method in ["put", "patch", "delete", "options"]:
            with subtests.test(page=page, method=method):
                assert getattr(client, method)(page).status_code in (200, 302, 405)


@pytest.mark.parametrize("sent", [{}, {"language": "xx"}, {"language": "\0", "next": "\0"}])
def test_an_unknown_preference_changes_nothing(client, sent):
    response = client.post("/preferences/", sent)

    assert response.status_code == (400 if sent else 302)
    assert "Войти" in words(client.get("/login/"))


# The API speaks JSON, also of what is not there.


def test_unknown_address_of_the_api_is_a_404_in_json(client, subtests):
    for address in [
        "/api",
        "/api/",
        "/api/v1/",
        "/api/v2/wallets",
        "/api/v1/wallets/balance/x",
        "/api/v1/%00",
    ]:
        for method in ["get", "post", "put", "delete", "head", "options"]:
            with subtests.test(address=address, method=method):
                response = getattr(client, method)(address)

                assert (response.status_code, response.headers["Content-Type"]) == (
                    404,
                    "application/problem+json",
                )
                if method != "head":
                    assert response.json()["reason"] == (
                        "Такого адреса нет. Что есть, описано на /api/v1/docs."
                    )


def test_another_method_of_the_api_is_a_405_in_json(client, subtests):
    for method in ["get", "put", "delete", "patch", "options"]:
        with subtests.test(method=method):
            response = getattr(client, method)("/api/v1/wallets/balance")

            assert (response.status_code, response.headers["Allow"]) == (405, "POST")
            assert response.json()["reason"] == "Спросите методом POST."


def test_another_host_of_the_api_is_a_400_in_json(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]

    response = client.post("/api/v1/wallets/balance", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert response.json()["reason"] == "Запрос составлен неверно."
