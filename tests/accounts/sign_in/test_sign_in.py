import pytest
from django.db import connection
from django.test import Client as Browser

from accounts.models import Session, User
from accounts.sessions import SessionStore
from clients.models import Client
from tests.support.factories import PASSWORD, make_client, make_member, worker

pytestmark = pytest.mark.django_db

WRONG = "Неверный логин или пароль"


def sign_in(client, login, password=PASSWORD, **more):
    return client.post("/login/", {"login": login, "password": password} | more)


def test_the_sign_in_page_asks_for_login_and_password(client):
    page = client.get("/login/").content.decode()

    assert '<label for="id_login">Логин</label>' in page
    assert '<label for="id_password">Пароль</label>' in page
    assert 'name="login"' in page and 'name="password"' in page
    assert "remember" not in page


def test_after_sign_in_the_dashboard_opens(client, alice):
    response = sign_in(client, "alice")

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_the_case_of_a_login_does_not_matter(client, alice):
    assert sign_in(client, "Alice").status_code == 302


@pytest.mark.parametrize(
    ("login", "password"), [("alice", "not-her-password"), ("nobody", PASSWORD)]
)
def test_a_wrong_login_and_a_wrong_password_are_answered_alike(client, alice, login, password):
    response = sign_in(client, login, password)

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count(WRONG) == 1
    assert f'value="{login}"' in page
    assert password not in page


def test_a_switched_off_user_is_answered_as_one_who_does_not_exist(client, alice):
    with worker():
        User.objects.filter(pk=alice.pk).update(is_active=False)

    response = sign_in(client, "alice")

    assert response.status_code == 200
    assert WRONG in response.content.decode()


@pytest.mark.parametrize("bad", ["a\0b", "x" * 10_000, b"\xff\xfe\xfa", "\ud7ff\U0001f600"])
@pytest.mark.parametrize("field", ["login", "password"])
def test_what_can_be_no_login_or_password_is_a_wrong_one(client, alice, field, bad):
    form = {"login": "alice", "password": PASSWORD} | {field: bad}

    response = client.post("/login/", form)

    assert response.status_code == 200
    assert WRONG in response.content.decode()


@pytest.mark.parametrize("field", ["login", "password"])
def test_an_empty_field_says_so_at_the_field(client, alice, field):
    response = client.post("/login/", {"login": "alice", "password": PASSWORD} | {field: ""})

    assert list(response.context["form"].errors) == [field]


def test_a_page_asked_for_before_sign_in_opens_after_it(client, alice):
    asked = client.get("/wallets/balance/?wallet_type=upi_l")
    assert asked["Location"] == "/login/?next=/wallets/balance/%3Fwallet_type%3Dupi_l"
    assert (
        'value="/wallets/balance/?wallet_type=upi_l"'
        in client.get(asked["Location"]).content.decode()
    )

    response = sign_in(client, "alice", next="/wallets/balance/?wallet_type=upi_l")

    assert response["Location"] == "/wallets/balance/?wallet_type=upi_l"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        r"/\evil.example/",
        r"\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\thttps://evil.example/",
    ],
)
def test_sign_in_leads_to_no_other_site(client, alice, elsewhere):
    response = sign_in(client, "alice", next=elsewhere)

    assert (response.status_code, response["Location"]) == (302, "/")


def test_an_administrator_lands_in_the_back_office(client, dora):
    with worker():
        User.objects.filter(pk=dora.pk).update(is_demo=True)  # and so without a second factor

    response = client.post("/login/", {"login": "dora", "password": PASSWORD}, follow=True)

    assert response.redirect_chain[-1] == ("/admin/", 302)
    assert response.status_code == 200


def test_the_back_office_has_no_sign_in_of_its_own(client):
    response = client.get("/admin/login/?next=/admin/clients/client/")

    assert response["Location"] == "/login/?next=/admin/clients/client/"


def test_the_back_office_is_closed_to_members(client, alice):
    client.force_login(alice)

    assert client.get("/admin/", follow=True).status_code == 403


def test_a_user_without_a_client_is_told_so_and_can_sign_out(client, db):
    with worker():
        User.objects.create_user("eve", password=PASSWORD, must_change_password=False)

    response = client.post("/login/", {"login": "eve", "password": PASSWORD}, follow=True)

    assert response.status_code == 403
    assert "не относится к действующему клиенту" in response.content.decode()
    assert 'action="/logout/"' in response.content.decode()


def test_a_member_of_a_switched_off_client_sees_nothing(client, alice):
    with worker():
        Client.objects.filter(pk=alice.client.pk).update(is_active=False)
    sign_in(client, "alice")

    response = client.get("/")

    assert response.status_code == 403
    assert 'action="/logout/"' in response.content.decode()


def test_signing_out_ends_the_session(client, alice):
    sign_in(client, "alice")
    cookie = client.cookies["sessionid"].value

    response = client.post("/logout/")

    assert (response.status_code, response["Location"]) == (302, "/login/")
    client.cookies["sessionid"] = cookie
    assert client.get("/")["Location"] == "/login/?next=/&ended=yes"


def test_signing_out_is_a_post(client, alice):
    client.force_login(alice)

    assert client.get("/logout/").status_code == 405
    assert client.get("/").status_code == 200


def test_signing_out_twice_is_no_mistake(client):
    assert client.post("/logout/")["Location"] == "/login/"


def test_signing_out_needs_the_token_of_the_form(alice, csrf_client):
    csrf_client.force_login(alice)

    response = csrf_client.post("/logout/")

    assert response.status_code == 403
    assert "Форма устарела" in response.content.decode()


@pytest.fixture
def csrf_client():
    return Browser(enforce_csrf_checks=True)


def put_there_by_a_stranger(browser):
    session = SessionStore()
    session["begun"] = True
    session.save()
    browser.cookies["sessionid"] = session.session_key
    return session.session_key


def test_sign_in_changes_the_session_key(client, alice):
    before = put_there_by_a_stranger(client)

    sign_in(client, "alice")

    after = client.cookies["sessionid"].value
    assert after != before
    assert [session.session_key for session in Session.objects.all()] == [after]
    client.cookies["sessionid"] = before
    assert client.get("/")["Location"].startswith("/login/")


def test_after_many_wrong_passwords_even_the_right_one_has_to_wait(client, alice):
    for _attempt in range(5):
        assert sign_in(client, "alice", "wrong").status_code == 200

    response = sign_in(client, "alice")

    assert response.status_code == 429
    assert "через 15 минут" in response.content.decode()


def test_after_too_many_attempts_from_one_network_a_page_says_so(client, alice):
    for attempt in range(30):
        client.post("/login/", {"login": f"user-{attempt}", "password": ""})

    response = client.post("/login/", {"login": "alice", "password": PASSWORD})

    assert response.status_code == 429
    assert "Слишком много попыток" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/signup/",
        "/login/signup/",
        "/accounts/signup/",
        "/password/reset/",
        "/email/",
        "/accounts/login/",
    ],
)
def test_there_is_no_sign_up_and_no_reset(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_next_request_on_the_connection_starts_without_a_client(client):
    make_member("alice", client=make_client("alpha"))

    sign_in(client, "alice")

    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.client_id', true)")
        assert not cursor.fetchone()[0]
