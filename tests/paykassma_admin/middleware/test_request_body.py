import pytest
from django.test import RequestFactory

from accounts.actions import create_api_key
from audit.record import Actor
from paykassma_admin.wsgi import application
from tests.support.factories import worker
from tests.support.pages import words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
BOUNDED = "multipart/form-data; boundary=b"
BALANCE = "/api/v1/wallets/balance"
A_FILE = b"""--b\r
Content-Disposition: form-data; name="login"; filename="login.txt"\r
\r
alice\r
--b--\r
"""
IN_PARTS = b"""--b\r
Content-Disposition: form-data; name="next"\r
\r
\\ud800\r
--b--\r
"""
UNREADABLE = {
    "another alphabet": (f"{FORM}; charset=utf-16", b"login=a"),
    "another alphabet in parts": (f"{BOUNDED}; charset=unicode_escape", IN_PARTS),
    "no boundary": ("multipart/form-data", b"x"),
    "an empty boundary": ("multipart/form-data; boundary=", b"x"),
    "a thousand fields": (FORM, b"&".join(b"%d=1" % n for n in range(1001))),
    "a file": (BOUNDED, A_FILE),
}


@pytest.fixture
def visitor():
    """Whose forms are asked for their token, as in production: that is what reads the body."""
    return Browser(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def key(alice):
    with worker():
        return create_api_key(alice.client, name="Till", by=Actor("test"))


@pytest.mark.parametrize(("kind", "body"), UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("address", ["/login/", "/no/such/page/", "/keys/"])
def test_what_cannot_be_read_is_the_senders_fault_on_every_page(visitor, address, kind, body):
    response = visitor.post(address, body, content_type=kind)

    assert response.status_code == 400
    assert "Запрос составлен неверно" in words(response)


@pytest.mark.parametrize("kind", [FORM, BOUNDED])
def test_what_is_too_long_is_not_read(visitor, kind):
    """Django's payload of tests complains when more is read than there is."""
    response = visitor.post("/login/", b"x", content_type=kind, CONTENT_LENGTH=60_000_000)

    assert response.status_code == 400


def test_a_body_that_breaks_off_is_no_failure(visitor, monkeypatch):
    def break_off(*args):
        raise OSError("connection reset by peer")

    monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.read", break_off)

    assert visitor.post("/login/", b"login=a", content_type=FORM).status_code == 400


def test_a_program_may_call_its_json_a_form(visitor, key):
    response = visitor.post(
        BALANCE,
        b'{"wallet_type": "upi_l"}',
        content_type=FORM,
        headers={"Authorization": f"Bearer {key}"},
    )

    assert response.status_code == 200


def test_json_with_a_byte_order_mark_is_read(visitor, key):
    body = b"\xef\xbb\xbf" + b'{"wallet_type": "upi_l"}'
    headers = {"Authorization": f"Bearer {key}"}

    response = visitor.post(BALANCE, body, content_type="application/json", headers=headers)

    assert response.status_code == 200


@pytest.mark.parametrize(("kind", "body"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_the_api_reads_no_forms(visitor, key, kind, body):
    headers = {"Authorization": f"Bearer {key}"}

    asked = visitor.post(BALANCE, body, content_type=kind, headers=headers)
    nowhere = visitor.post("/api/v1/nowhere", body, content_type=kind)

    assert (asked.status_code, nowhere.status_code) == (400, 404)


def call_application(**said):
    """Return status and headers from the application that gunicorn runs."""
    environ = RequestFactory()._base_environ(PATH_INFO="/login/", QUERY_STRING="a=1", **said)
    begun = []
    answer = application(environ, lambda status, headers: begun.append((status, dict(headers))))
    answer.close()
    return begun[0]


@pytest.mark.parametrize("charset", ["hex", "rot13", "unicode_escape", "utf-16"])
def test_a_charset_that_is_none_of_texts_is_answered_by_us(charset):
    status, headers = call_application(CONTENT_TYPE=f"text/plain; charset={charset}")

    assert status == "400 Bad Request"
    assert "Content-Security-Policy" in headers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "no-such"])
def test_utf_8_and_what_nobody_knows_is_taken_for_it(charset):
    status, _headers = call_application(CONTENT_TYPE=f"text/plain; charset={charset}")

    assert status == "200 OK"
