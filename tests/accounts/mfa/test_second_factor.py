import base64
import json
import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Session, User
from audit.kinds import Kind, Result
from clients.models import Client
from devtools.demo.demo import mark_users
from tests.support.back_office import client_form
from tests.support.events import events
from tests.support.factories import PASSWORD, make_administrator, make_client, make_member, worker
from tests.support.pages import words
from tests.support.second_factors import code_of, new_password, recovery_codes, set_up_app, sign_in
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

BALANCES = "/wallets/balance/"
CHANGED = "another-horse-another-battery"
CLOSED = [
    "/",
    "/chart.json",
    "/payments/transactions/",
    "/payments/transactions/export.csv",
    "/payments/accumulations/export.csv",
    "/wallets/balance/",
    "/api/v1/docs",
    "/admin/",
    "/admin/accounts/user/",
    "/no-such-page/",
]


@pytest.fixture
def next_code(secret):
    return code_of(secret, later=1)


def require_it(user):
    with worker():
        Client.objects.filter(pk=user.client.pk).update(second_factor_required=True)


# The authenticator app


def test_the_key_of_the_app_is_shown_as_a_picture_and_as_text(client, alice):
    sign_in(client, "alice")

    page = client.get("/security/app/").content.decode()

    assert 'src="data:image/svg+xml;base64,' in page
    assert client.session["mfa.totp.secret"] in page


def test_a_wrong_code_sets_nothing_up(client, alice):
    sign_in(client, "alice")
    client.get("/security/app/")

    response = client.post("/security/app/", {"code": "000000"})

    assert "Неверный код" in words(response)
    assert not Authenticator.objects.exists()


def test_with_an_app_the_password_alone_opens_nothing(client, secret):
    response = sign_in(client, "alice")

    assert response["Location"] == "/login/code/"
    assert client.get("/")["Location"].startswith("/login/?next=/")


def test_the_code_of_the_app_opens_what_was_asked_for(client, secret, next_code):
    sign_in(client, "alice", next="/wallets/balance/")

    response = client.post("/login/code/", {"code": next_code})

    assert response["Location"] == "/wallets/balance/"
    assert client.get("/wallets/balance/").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("enforced", [False, True])
def test_a_tab_that_waits_for_a_code_goes_on_when_another_signs_in(
    secret, next_code, method, enforced
):
    browser = Browser(enforce_csrf_checks=enforced)

    def form_fields(address, **fields):
        token = browser.get(address).context["csrf_token"]
        return {"csrfmiddlewaretoken": str(token)} | fields

    password = form_fields("/login/", login="alice", password=PASSWORD, next=BALANCES)
    waiting = browser.post("/login/", password)["Location"]
    form = form_fields(waiting, code="000000")
    browser.post("/login/code/", form_fields("/login/code/", code=next_code))

    response = getattr(browser, method)(waiting, form if method == "post" else {}, follow=True)

    assert response.request["PATH_INFO"] == BALANCES


def test_the_second_step_leads_to_no_other_site(client, secret):
    response = sign_in(client, "alice", next="https://evil.example/")

    assert response["Location"] == "/login/code/"


def test_a_wrong_code_says_so_and_opens_nothing(client, secret):
    sign_in(client, "alice")

    response = client.post("/login/code/", {"code": "000000"})

    assert "Неверный код" in words(response)
    assert client.get("/").status_code == 302


def test_a_code_opens_once_by_whatever_process_it_is_read(client, secret, next_code):
    sign_in(client, "alice")
    client.post("/login/code/", {"code": next_code})
    cache.clear()  # each process has its own, and another has seen no code

    thief = Browser()
    sign_in(thief, "alice")
    response = thief.post("/login/code/", {"code": f"{next_code[:3]} {next_code[3:]}"})

    assert "Неверный код" in words(response)
    assert thief.get("/").status_code == 302


def test_the_code_of_the_set_up_does_not_sign_in(client, secret):
    cache.clear()
    sign_in(client, "alice")

    client.post("/login/code/", {"code": code_of(secret)})

    assert client.get("/").status_code == 302


def test_the_second_step_is_nobodys_without_the_first(client, secret, next_code):
    assert client.get("/login/code/")["Location"] == "/login/"
    assert client.post("/login/code/", {"code": next_code})["Location"] == "/login/"


def test_keys_are_not_readable_in_the_database(secret):
    (kept,) = Authenticator.objects.filter(type="totp").values_list("data", flat=True)

    assert secret not in json.dumps(kept)


# Recovery codes


def test_after_the_set_up_ten_recovery_codes_are_shown_once(client, alice):
    sign_in(client, "alice")
    set_up_app(client)

    assert len(set(recovery_codes(client))) == 10
    assert client.get("/security/recovery-codes/")["Location"] == "/security/"


def test_a_recovery_code_opens_the_door_once(client, alice):
    sign_in(client, "alice")
    set_up_app(client)
    code, *_others = recovery_codes(client)
    client.post("/logout/")

    sign_in(client, "alice")
    assert client.post("/login/code/", {"code": code})["Location"] == "/"
    client.post("/logout/")
    sign_in(client, "alice")

    assert "Неверный код" in words(client.post("/login/code/", {"code": code}))


def test_what_was_kept_under_a_key_that_is_gone_opens_nothing(
    client, alice, settings, caplog, secret, next_code
):
    settings.SECRET_KEY = "another" * 10
    sign_in(client, "alice")

    for code in (next_code, "00000000"):  # as of an app, and as a recovery code
        assert "Неверный код" in words(client.post("/login/code/", {"code": code}))
        assert client.get("/").status_code == 302

    assert "SECRET_KEY_FALLBACKS" in caplog.text


def test_what_was_kept_under_a_key_that_is_gone_is_set_up_anew(client, alice, settings, secret):
    settings.SECRET_KEY = "another" * 10
    client.force_login(alice)
    client.prove(alice, at=time.time())

    assert client.get("/security/").status_code == 200
    client.post("/security/recovery-codes/new/")
    code, *_others = recovery_codes(client)
    client.post("/logout/")
    sign_in(client, "alice")

    assert client.post("/login/code/", {"code": code})["Location"] == "/"


def test_new_recovery_codes_end_the_old(client, alice):
    sign_in(client, "alice")
    set_up_app(client)
    old, *_others = recovery_codes(client)

    client.post("/security/recovery-codes/new/")
    new, *_others = recovery_codes(client)
    client.post("/logout/")
    sign_in(client, "alice")

    assert client.post("/login/code/", {"code": old}).status_code == 200
    assert client.post("/login/code/", {"code": new}).status_code == 302


def test_without_a_second_factor_there_are_no_recovery_codes(client, alice):
    sign_in(client, "alice")

    client.post("/security/recovery-codes/new/")

    assert not Authenticator.objects.exists()


# Who must have one


@pytest.mark.parametrize("path", CLOSED)
def test_where_the_client_requires_one_nothing_else_opens_without(client, alice, path):
    require_it(alice)
    sign_in(client, "alice")

    assert client.get(path).status_code == (404 if "no-such" in path else 302)
    assert client.get(path).get("Location", "/security/") == "/security/"
    assert client.post(path).get("Location", "/security/") == "/security/"


@pytest.mark.parametrize("path", CLOSED[:-1])
def test_administrator_always_needs_a_factor(client, dora, path):
    sign_in(client, "dora")

    assert client.get(path)["Location"] == "/security/"


def test_required_factor_page_leads_nowhere_else(client, alice):
    require_it(alice)
    sign_in(client, "alice")

    page = client.get("/security/")

    assert "нужен второй фактор" in words(page)
    assert 'href="/payments/' not in page.content.decode()


def test_after_the_set_up_the_page_opens_that_was_asked_for(client, alice):
    require_it(alice)
    sign_in(client, "alice")
    client.get("/payments/transactions/?label=user-7")
    set_up_app(client)

    page = client.get("/security/recovery-codes/").content.decode()

    assert 'href="/payments/transactions/?label=user-7"' in page
    assert client.get("/payments/transactions/?label=user-7").status_code == 200


def test_administrator_with_factor_enters_back_office(client, dora):
    sign_in(client, "dora")
    secret = set_up_app(client)
    client.post("/logout/")

    sign_in(client, "dora")
    client.post("/login/code/", {"code": code_of(secret, later=1)})

    assert client.get("/admin/accounts/user/").status_code == 200


def test_second_factor_is_optional_elsewhere(client, alice, charlie):
    require_it(charlie)
    sign_in(client, "alice")

    assert client.get("/").status_code == 200


def test_a_session_without_one_ends_when_it_is_required_and_set_up_elsewhere(client, alice):
    sign_in(client, "alice")
    with worker():  # in a session that was opened at the same time
        Authenticator.objects.create(user=alice, type="totp", data={"secret": "x"})
    require_it(alice)

    assert client.get("/")["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_users_of_the_demo_sign_in_by_password_alone(client):
    with worker():
        User.objects.create_superuser("admin", password="admin-demo-password")
        mark_users({"admin"})

    sign_in(client, "admin", "admin-demo-password")

    assert client.get("/admin/").status_code == 200


def test_who_has_another_password_than_the_demos_is_no_user_of_the_demo(dora):
    with worker():
        mark_users({"dora"})

    dora.refresh_from_db()
    assert not dora.is_demo


def change_his_own(client, user):
    sign_in(client, user.username, "admin-demo-password")
    client.post("/security/password/", new_password(CHANGED, "admin-demo-password"))


def change_it_in_the_back_office(client, user):
    client.force_login(make_administrator("dora"))
    client.post(
        f"/admin/accounts/user/{user.pk}/password/",
        {"password1": CHANGED, "password2": CHANGED, "usable_password": "true"},
    )


@pytest.mark.parametrize("change", [change_his_own, change_it_in_the_back_office])
def test_a_user_of_the_demo_whose_password_is_changed_is_one_no_more(client, change):
    with worker():
        user = User.objects.create_superuser("admin", password="admin-demo-password")
        mark_users({"admin"})

    change(client, user)

    user.refresh_from_db()
    assert user.check_password(CHANGED)
    assert not user.is_demo


def test_nobody_is_made_a_user_of_the_demo_in_the_back_office(client, dora, alice):
    client.force_login(dora)

    client.post(
        f"/admin/accounts/user/{dora.pk}/change/",
        {
            "username": "dora",
            "is_active": "on",
            "is_staff": "on",
            "is_demo": "on",
            "must_change_password": "",
            "membership-TOTAL_FORMS": "0",
            "membership-INITIAL_FORMS": "0",
        },
    )

    dora.refresh_from_db()
    assert not dora.is_demo


def test_an_administrator_sets_whether_a_client_requires_one(client, dora, alice):
    client.force_login(dora)

    client.post(
        f"/admin/clients/client/{alice.client.pk}/change/",
        client_form(second_factor_required="on"),
    )

    with worker():
        assert Client.objects.get(pk=alice.client.pk).second_factor_required


# Losing and removing


def test_optional_factor_can_be_removed(client, secret, next_code):
    sign_in(client, "alice")
    client.post("/login/code/", {"code": next_code})
    app = Authenticator.objects.get(type="totp")

    client.post(f"/security/factors/{app.pk}/remove/")

    assert not Authenticator.objects.exists()  # recovery codes neither
    assert client.get("/").status_code == 200


def test_page_says_that_recovery_codes_go_with_the_last_factor(client, secret, next_code):
    sign_in(client, "alice")
    client.post("/login/code/", {"code": next_code})
    app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    warning = "вместе с ним удалятся коды восстановления"

    assert warning in words(client.get(f"/security/factors/{app.pk}/remove/"))

    passkey = {"type": Authenticator.Type.WEBAUTHN, "data": {"name": "key"}}
    Authenticator.objects.create(user=app.user, **passkey)
    assert warning not in words(client.get(f"/security/factors/{app.pk}/remove/"))


def test_the_last_cannot_be_removed_where_one_is_required(client, alice, secret, next_code):
    require_it(alice)
    sign_in(client, "alice")
    client.post("/login/code/", {"code": next_code})
    app = Authenticator.objects.get(type="totp")

    response = client.post(f"/security/factors/{app.pk}/remove/")

    assert response.status_code == 409
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_one_of_two_simultaneous_removals_stays(client, alice, secret, next_code, monkeypatch):
    """The second waits until the first has removed his, and then looks what is left."""
    require_it(alice)
    sign_in(client, "alice")
    client.post("/login/code/", {"code": next_code})
    app = Authenticator.objects.get(type="totp")
    passkey = Authenticator.objects.create(user=alice, type="webauthn", data={})
    locking = QuerySet.select_for_update

    def lock(rows, *args, **kwargs):
        if rows.model is User:
            passkey.delete()
        return locking(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lock)
    response = client.post(f"/security/factors/{app.pk}/remove/")

    assert response.status_code == 409
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_an_administrator_removes_no_second_factor_of_his_own_there(client, dora):
    TOTP.activate(dora, generate_totp_secret())
    client.force_login(dora)

    form = {"action": "remove_second_factors", "_selected_action": [dora.pk]}
    client.post("/admin/accounts/user/", form)

    assert Authenticator.objects.filter(user=dora).exists()


def test_a_stranger_removes_nothing_of_hers(client, secret, charlie):
    app = Authenticator.objects.get(type="totp")
    sign_in(client, "charlie")

    response = client.post(f"/security/factors/{app.pk}/remove/")

    assert response.status_code == 404
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_who_has_lost_everything_begins_anew_by_an_administrator(client, alice, dora, secret):
    office = Browser()
    office.force_login(dora)
    form = {"action": "remove_second_factors", "_selected_action": [alice.pk]}

    office.post("/admin/accounts/user/", form)

    assert sign_in(client, "alice")["Location"] == "/"


# The question who it is


@pytest.mark.parametrize(
    "path",
    [
        "/security/app/",
        "/security/passkeys/add/",
        "/security/password/",
        "/security/recovery-codes/",
        "/security/recovery-codes/new/",
        "/security/factors/1/remove/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_sensitive_actions_require_reauthentication(client, alice, path, method):
    client.force_login(alice)
    client.prove_long_ago(alice)

    response = getattr(client, method)(path)

    assert response["Location"] == f"/security/confirm/?next={path}"


def test_signing_in_is_proof_for_five_minutes(client, alice):
    sign_in(client, "alice")
    assert client.get("/security/app/").status_code == 200

    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        assert client.get("/security/app/").status_code == 302


def test_password_confirms_and_leads_back(client, alice):
    client.force_login(alice)
    client.prove_long_ago(alice)

    response = client.post(
        "/security/confirm/?next=/security/app/", {"password": PASSWORD, "next": "/security/app/"}
    )

    assert response["Location"] == "/security/app/"
    assert client.get("/security/app/").status_code == 200


def test_wrong_password_confirms_nothing(client, alice):
    client.force_login(alice)
    client.prove_long_ago(alice)

    response = client.post("/security/confirm/", {"password": "wrong"})

    assert "Неверный пароль" in words(response)
    assert client.get("/security/app/").status_code == 302


def test_code_confirms_identity(client, alice, secret, next_code):
    client.force_login(alice)
    client.prove_long_ago(alice)

    assert "/security/confirm/code/" in client.get("/security/confirm/").content.decode()
    client.post("/security/confirm/code/", {"code": next_code})

    assert client.get("/security/password/").status_code == 200


def test_a_session_has_another_key_after_the_proof(client, alice):
    client.force_login(alice)
    before = client.session.session_key

    client.post("/security/confirm/", {"password": PASSWORD})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_proof_leads_to_no_other_site(client, alice):
    client.force_login(alice)

    response = client.post("/security/confirm/", {"password": PASSWORD, "next": "//evil.example"})

    assert response["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "clients/client/add/",
        "clients/client/{client}/change/",
        "accounts/user/add/",
        "accounts/user/{user}/change/",
        "accounts/user/{user}/password/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_changing_rights_requires_reauthentication(client, alice, dora, path, method):
    client.force_login(dora)
    client.prove_long_ago(dora)
    path = "/admin/" + path.format(client=alice.client.pk, user=alice.pk)

    response = getattr(client, method)(path)

    assert response["Location"] == f"/security/confirm/?next={path}"


@pytest.mark.parametrize("action", ["remove_second_factors", "end_all_sessions"])
def test_removing_factors_requires_reauthentication(client, alice, dora, secret, action):
    client.force_login(dora)
    client.prove_long_ago(dora)

    response = client.post(
        "/admin/accounts/user/", {"action": action, "_selected_action": alice.pk}
    )

    assert response["Location"] == "/security/confirm/?next=/admin/accounts/user/"
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
    assert not events(Kind.SESSIONS_ENDED)


# Passkeys: what no browser would send


def broken_passkey(extensions):
    response = {
        "clientDataJSON": b"{}",
        "authenticatorData": bytes(32) + b"\x85" + bytes(4) + extensions,
        "signature": b"a",
    }
    written = {name: base64.urlsafe_b64encode(value).decode() for name, value in response.items()}
    return json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": written})


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "1",
        '"text"',
        "{}",
        "[" * 20_000,
        "[" * 15_000,
        "9" * 5_000,
        '{"id": 1}',
        '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
        json.dumps(
            {
                "id": "YQ",
                "rawId": "YQ",
                "type": "public-key",
                "response": {
                    "clientDataJSON": base64.urlsafe_b64encode(b"{}").decode().strip("="),
                    "authenticatorData": "YQ",
                    "signature": "YQ",
                    "userHandle": "\ud800",
                },
            }
        ),
        broken_passkey(b"\x19\x01"),
        broken_passkey(b"\x81" * 9_000),
    ],
)
def test_what_is_no_passkey_opens_nothing(client, alice, credential):
    client.get("/login/passkey/", headers={"Accept": "application/json"})

    response = client.post("/login/passkey/", {"credential": credential})
    assert response.status_code == 200
    assert "Этот ключ доступа здесь не известен" in words(response)

    sign_in(client, "alice")
    client.get("/security/passkeys/add/")
    assert client.post("/security/passkeys/add/", {"credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()


def test_members_of_another_client_are_not_named_by_the_passkey_page(client, alice):
    options = client.get("/login/passkey/", headers={"Accept": "application/json"}).json()

    assert not options["request_options"]["publicKey"].get("allowCredentials")


def test_the_security_page_is_everyones_own(client, alice, charlie, secret):
    sign_in(client, "charlie")

    page = words(client.get("/security/"))

    assert "Не настроено" in page


def test_an_auditor_has_a_security_page_too(client, bob):
    sign_in(client, "bob")

    assert client.get("/security/").status_code == 200


@pytest.mark.parametrize("language", ["ru", "en"])
def test_security_page_names_its_time_zone(client, alice, dora, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    zones = []

    def visit(user):
        client.force_login(user)
        page = words(client.get("/security/"))
        zones.append(re.search(r"(?:Часовой пояс|Time zone): (\S+)", page).group(1))

    visit(alice)
    visit(dora)
    with worker():
        Client.objects.update(is_active=False)
    visit(alice)

    assert zones == ["Asia/Kolkata", "UTC", "UTC"]


def test_administrator_has_a_security_page(client, dora):
    client.force_login(dora)

    page = client.get("/security/")

    assert page.status_code == 200
    assert 'href="/admin/"' in page.content.decode()
    assert 'href="/security/"' in client.get("/admin/").content.decode()


def test_a_new_member_of_such_a_client_changes_his_password_first(client):
    eve = make_member("eve", client=make_client("delta", second_factor_required=True))
    with worker():
        User.objects.filter(pk=eve.pk).update(must_change_password=True)

    sign_in(client, "eve")

    assert client.get("/")["Location"] == "/security/password/"


# A sign-in that waits for its second step


def test_a_second_step_begun_with_the_old_password_leads_nowhere(client, alice):
    sign_in(client, "alice")
    secret = set_up_app(client)
    waiting = Browser()
    sign_in(waiting, "alice")

    client.post("/security/password/", new_password(CHANGED))
    response = waiting.post("/login/code/", {"code": code_of(secret, later=1)})

    assert response["Location"] == "/login/"
    assert waiting.get("/security/")["Location"].startswith("/login/")


def test_who_is_switched_off_before_his_second_step_is_not_signed_in(client, alice):
    sign_in(client, "alice")
    secret = set_up_app(client)
    waiting = Browser()
    sign_in(waiting, "alice")
    User.objects.filter(pk=alice.pk).update(is_active=False)

    waiting.post("/login/code/", {"code": code_of(secret, later=1)})

    assert [event.result for event in events(Kind.SIGN_IN)].count(Result.OK) == 1


def test_second_app_is_not_set_up(client, secret, next_code):
    sign_in(client, "alice")
    client.post("/login/code/", {"code": next_code})

    assert client.get("/security/app/")["Location"] == "/security/"
