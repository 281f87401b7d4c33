from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Session, User
from accounts.roles import Role
from accounts.sessions import AUTOMATIC
from accounts.sign_in.lockout import MAX_OF_LOGIN_AND_ADDRESS
from audit.client_ip import browser_name, client_ip
from audit.kinds import Kind, Result
from tests.paykassma_admin.test_settings import settings_of
from tests.support.events import only_event
from tests.support.factories import PASSWORD, make_member, worker
from tests.support.pages import words
from tests.support.second_factors import code_of, new_password, set_up_app, sign_in
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

NEW = "another-horse-another-battery"
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/156.0.0.0 Safari/537.36"
)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield SimpleNamespace(shift=lambda minutes: traveller.shift(timedelta(minutes=minutes)))


@pytest.fixture
def elsewhere(alice):
    browser = Browser(headers={"User-Agent": "Mozilla/5.0 (iPhone) Version/19 Safari/604.1"})
    sign_in(browser, "alice")
    return browser


def is_open(browser):
    return browser.get("/wallets/balance/").status_code == 200


# By themselves


def test_a_session_ends_after_a_quarter_of_an_hour_without_anything_done(client, alice, clock):
    sign_in(client, "alice")
    clock.shift(minutes=14)
    assert is_open(client)

    clock.shift(minutes=15)

    assert not is_open(client)


def test_active_session_ends_after_twelve_hours(client, alice, clock):
    sign_in(client, "alice")
    for _quarter in range(12 * 60 // 14):
        clock.shift(minutes=14)
        assert is_open(client)

    clock.shift(minutes=6)

    assert not is_open(client)


def test_what_a_page_asks_for_by_itself_keeps_nothing_alive(client, alice, clock):
    sign_in(client, "alice")
    for _minute in range(7):
        clock.shift(minutes=2)
        assert client.get("/", headers={AUTOMATIC: "yes"}).status_code == 200

    clock.shift(minutes=2)

    assert not is_open(client)


def test_a_session_that_is_written_to_lives_no_longer_for_that(client, alice, clock):
    sign_in(client, "alice")
    clock.shift(minutes=14)
    session = client.session
    session["anything"] = 1
    session.save()

    clock.shift(minutes=2)

    assert not is_open(client)


def test_ended_session_leads_back_after_sign_in(client, alice, clock):
    sign_in(client, "alice")
    clock.shift(minutes=16)

    asked = client.get("/payments/transactions/?label=user-7")

    page = client.get(asked["Location"])
    assert "Сеанс завершён" in words(page)
    assert 'value="/payments/transactions/?label=user-7"' in page.content.decode()
    back = sign_in(client, "alice", next="/payments/transactions/?label=user-7")
    assert back["Location"] == "/payments/transactions/?label=user-7"


def test_first_visit_mentions_no_session(client):
    asked = client.get("/payments/transactions/")

    assert "Сеанс завершён" not in words(client.get(asked["Location"]))


def test_the_cookie_ends_with_the_browser(client, alice):
    sign_in(client, "alice")

    assert client.cookies["sessionid"]["max-age"] == ""


@pytest.mark.parametrize(
    ("https", "cookies"),
    [
        ("on", ["__Host-sessionid", True, "__Host-csrftoken", True]),
        ("off", ["sessionid", False, "csrftoken", False]),
    ],
)
def test_over_https_the_cookies_are_of_this_host_alone(https, cookies):
    names = "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_NAME CSRF_COOKIE_SECURE"
    settings = settings_of(SERVED_OVER_HTTPS=https)

    assert [getattr(settings, name) for name in names.split()] == cookies


def test_a_page_writes_no_more_than_once_a_minute_that_somebody_is_there(client, alice, clock):
    sign_in(client, "alice")
    client.get("/")

    def writes():
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return [q["sql"] for q in asked if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]

    assert writes() == []
    clock.shift(minutes=1)
    assert len(writes()) == 1
    assert writes() == []


def test_a_sign_in_clears_away_the_sessions_that_are_over(client, alice, clock):
    sign_in(client, "alice")
    clock.shift(minutes=16)

    sign_in(Browser(), "alice")

    assert Session.objects.count() == 1


# One's own list


def test_ones_sessions_are_listed_and_this_one_is_marked(alice, elsewhere):
    browser = Browser(headers={"User-Agent": CHROME})
    sign_in(browser, "alice")

    page = words(browser.get("/security/"))

    assert page.count("этот сеанс") == 1
    assert "Chrome, Linux этот сеанс 127.0.0.1" in page
    assert "Safari, iPhone 127.0.0.1" in page


def test_last_seen_is_said_as_it_is_kept_to_a_minute(client, alice, clock):
    client.force_login(alice)
    client.get("/security/")
    clock.shift(minutes=59 / 60)

    page = words(client.get("/security/"))

    assert "последнее действие 24.11.2026 17:30:00 или в течение минуты после" in page


def test_nobody_elses_sessions_are_listed_or_ended(client, alice, charlie, elsewhere):
    sign_in(client, "charlie")

    assert "iPhone" not in words(client.get("/security/"))
    client.post("/security/sessions/end-others/")

    assert is_open(elsewhere)


def test_all_other_sessions_end_together(client, alice, elsewhere):
    sign_in(client, "alice")

    response = client.post("/security/sessions/end-others/", follow=True)

    assert "Все остальные сеансы завершены" in words(response)
    assert not is_open(elsewhere)
    assert is_open(client)


def name_of(browser):
    return Session.objects.get(session_key=browser.session.session_key).name


def test_single_session_can_be_ended(client, alice, elsewhere):
    third = Browser()
    for browser in (third, client):
        sign_in(browser, "alice")
    name = name_of(elsewhere)
    assert f"/security/sessions/{name}/end/" in client.get("/security/").content.decode()

    response = client.post(f"/security/sessions/{name}/end/", follow=True)

    assert "Сеанс завершён" in words(response)
    assert not is_open(elsewhere)
    assert is_open(third) and is_open(client)
    assert only_event(Kind.SESSIONS_ENDED).details == {"ended": 1, "browser": "Safari, iPhone"}


def test_the_list_holds_no_key_of_a_session(client, alice, elsewhere):
    sign_in(client, "alice")

    assert elsewhere.session.session_key not in client.get("/security/").content.decode()


def test_a_strangers_session_is_not_ended_nor_this_one(client, alice, charlie, elsewhere):
    sign_in(client, "charlie")

    for browser in (elsewhere, client):
        address = f"/security/sessions/{name_of(browser)}/end/"
        assert client.post(address).status_code == 404

    assert is_open(elsewhere) and is_open(client)


@pytest.mark.parametrize("which", ["end-others", "0123456789abcdef/end"])
def test_ending_sessions_requires_reauthentication(client, alice, elsewhere, which):
    client.force_login(alice)
    client.prove_long_ago(alice)

    response = client.post(f"/security/sessions/{which}/")

    assert response["Location"] == "/security/confirm/?next=/security/"
    assert is_open(elsewhere)


def test_ending_sessions_is_a_post(client, alice, elsewhere):
    sign_in(client, "alice")

    assert client.get("/security/sessions/end-others/").status_code == 405
    assert is_open(elsewhere)


@pytest.mark.parametrize("key", ['"aaaaaaaa\\000"', "x" * 33, "short", "A" * 32])
def test_a_cookie_that_no_session_has_is_nobodys(client, key):
    response = client.get("/", headers={"Cookie": f"sessionid={key}"})

    assert response["Location"].startswith("/login/")


# With what they were opened by


def test_a_changed_password_ends_the_others(client, alice, elsewhere):
    sign_in(client, "alice")

    client.post("/security/password/", new_password(NEW))

    assert not is_open(elsewhere)
    assert is_open(client)
    assert Session.objects.filter(user=alice).count() == 1
    assert sign_in(Browser(), "alice", NEW).status_code == 302


def test_a_password_is_changed_only_by_who_knows_the_one_of_before(client, alice):
    sign_in(client, "alice")

    response = client.post("/security/password/", new_password(NEW, "wrong-" + PASSWORD))

    wrong = ["Неверный пароль. Проверьте его и попробуйте ещё раз."]
    assert response.context["form"].errors == {"old_password": wrong}
    assert only_event(Kind.PASSWORD_CHANGED).result == Result.FAILED
    assert sign_in(Browser(), "alice").status_code == 302


def test_without_the_current_password_nothing_is_told_of_it(client, alice):
    sign_in(client, "alice")

    response = client.post("/security/password/", new_password(PASSWORD, ""))

    assert [*response.context["form"].errors] == ["old_password"]


def test_user_without_password_sets_one_directly(client, alice):
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)
    client.prove(alice, at=timezone.now().timestamp())

    page = client.get("/security/password/")
    client.post("/security/password/", new_password(NEW))

    assert "old_password" not in page.context["form"].fields
    assert sign_in(Browser(), "alice", NEW).status_code == 302


def test_concurrently_disabled_user_stays_disabled(client, alice, monkeypatch):
    sign_in(client, "alice")
    judged = User.check_password

    def switched_off_meanwhile(user, password):
        User.objects.filter(pk=user.pk).update(is_active=False)
        return judged(user, password)

    monkeypatch.setattr(User, "check_password", switched_off_meanwhile)
    client.post("/security/password/", new_password(NEW))

    assert not User.objects.get(pk=alice.pk).is_active


def test_guesses_at_the_password_of_before_are_counted(client, alice):
    sign_in(client, "alice")

    for _guess in range(MAX_OF_LOGIN_AND_ADDRESS):
        client.post("/security/password/", new_password(NEW, "wrong-" + PASSWORD))
    right = client.post("/security/password/", new_password(NEW))

    assert right.status_code == 429
    assert "Слишком много" in right.context["form"].errors["old_password"][0]
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("eleven-char", "password_too_short"),
        ("qwerty123456", "password_too_common"),
        ("alexandrine1", "password_too_similar"),
        ("Paykassma-2026!", "our_words"),
        (PASSWORD, "same"),
    ],
)
def test_a_password_that_is_weak_or_the_same_changes_nothing(client, alice, password, code):
    make_member("alexandrina", client=alice.client)
    sign_in(client, "alexandrina")

    response = client.post("/security/password/", new_password(password))

    told = response.context["form"].errors.as_data()
    assert [error.code for errors in told.values() for error in errors] == [code]
    assert sign_in(Browser(), "alexandrina").status_code == 302


def test_a_second_factor_that_is_set_up_ends_the_others(client, alice, elsewhere):
    sign_in(client, "alice")

    set_up_app(client)

    assert not is_open(elsewhere)
    assert is_open(client)


def test_changed_role_ends_all_sessions(dora, alice, bob):
    browser = Browser()
    sign_in(browser, "bob")
    office = Browser()
    office.force_login(dora)
    with worker():
        membership = Membership.unscoped.get(user=bob)

    office.post(
        f"/admin/accounts/user/{bob.pk}/change/",
        {
            "username": "bob",
            "is_active": "on",
            "membership-TOTAL_FORMS": "1",
            "membership-INITIAL_FORMS": "1",
            "membership-0-id": membership.pk,
            "membership-0-user": bob.pk,
            "membership-0-client": alice.client.pk,
            "membership-0-role": Role.OPERATOR,
        },
    )

    with worker():
        assert Membership.unscoped.get(user=bob).role == Role.OPERATOR
    assert not is_open(browser)


def test_a_user_made_administrator_signs_in_anew(dora, alice, elsewhere):
    office = Browser()
    office.force_login(dora)

    office.post(
        f"/admin/accounts/user/{alice.pk}/change/",
        {
            "username": "alice",
            "is_active": "on",
            "is_staff": "on",
            "membership-TOTAL_FORMS": "0",
            "membership-INITIAL_FORMS": "0",
        },
    )

    assert elsewhere.get("/")["Location"].startswith("/login/")


# First passwords


def issue_password(administrator, user):
    office = Browser()
    office.force_login(administrator)
    form = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    office.post(f"/admin/accounts/user/{user.pk}/password/", form)


def test_a_password_that_somebody_else_set_is_changed_before_anything_else(client, dora, alice):
    issue_password(dora, alice)

    sign_in(client, "alice", NEW)
    assert client.get("/wallets/balance/")["Location"] == "/security/password/"
    assert client.get("/payments/transactions/export.csv")["Location"] == "/security/password/"
    assert "известен тому, кто создал" in words(client.get("/security/password/"))
    own = "a-password-of-her-own"
    after = client.post("/security/password/", new_password(own, NEW))

    assert after["Location"] == "/payments/transactions/export.csv"
    assert is_open(client)


def test_a_password_that_somebody_else_set_goes_around_no_second_factor(client, dora, alice):
    sign_in(client, "alice")
    secret = set_up_app(client)
    client.post("/logout/")
    issue_password(dora, alice)

    assert sign_in(client, "alice", NEW)["Location"] == "/login/code/"
    assert not is_open(client)
    client.post("/login/code/", {"code": code_of(secret, later=1)})
    assert client.get("/")["Location"] == "/security/password/"


def test_new_user_has_to_change_the_password(db):
    with worker():
        assert User.objects.create_user("eve", password=PASSWORD).must_change_password
        assert User.objects.create_superuser("eva", password=PASSWORD).must_change_password


@pytest.mark.parametrize("is_active", [True, False])
def test_new_password_promises_pages_only_to_members_of_an_active_client(client, alice, is_active):
    with worker():
        User.objects.filter(pk=alice.pk).update(must_change_password=True)
        type(alice.client).objects.update(is_active=is_active)
    client.force_login(alice)

    page = words(client.get("/security/password/"))

    assert ("откроется всё остальное" in page) is is_active
    assert ("другие страницы останутся закрыты" in page) is not is_active


def test_stock_admins_own_form_of_a_password_leads_to_ours(client, dora):
    client.force_login(dora)

    assert client.get("/admin/password_change/")["Location"] == "/security/password/"


# Where from


@pytest.mark.parametrize(
    ("called", "known"),
    [
        (CHROME, "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko Firefox/150.0", "Firefox, Android"),
        ("curl/8.1", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_its_name(rf, called, known):
    assert browser_name(rf.get("/", headers={"User-Agent": called})) == known


def test_no_header_changes_the_address_without_a_proxy(rf):
    request = rf.get("/", headers={"X-Forwarded-For": "8.8.8.8", "X-Real-IP": "8.8.8.8"})

    assert client_ip(request) == "127.0.0.1"


def test_of_what_proxies_add_the_last_is_believed(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", headers={"X-Forwarded-For": "8.8.8.8, 198.51.100.7"})

    assert client_ip(request) == "198.51.100.7"
