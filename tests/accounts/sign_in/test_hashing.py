from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection, transaction
from django.utils import timezone

from accounts import turns
from accounts.members.members import invite
from accounts.models import FailedSignIns, User
from accounts.sign_in.hashing import prepared_hashes
from accounts.sign_in.lockout import Attempt, clear_failures
from audit.record import Actor
from clients.models import Client
from paykassma_admin import concurrency as mechanism
from paykassma_admin.database.pool import POOL
from paykassma_admin.database.request_transaction import request_transaction
from tests.support.database.at_once import at_once
from tests.support.factories import PASSWORD, make_administrator, make_client, make_member, worker
from tests.support.pages import words
from tests.support.second_factors import sign_in
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

NEW = "another-horse-of-battery"


@pytest.fixture
def alice(transactional_db):
    return make_member("alice", client=make_client("alpha"))


@pytest.fixture
def connections(monkeypatch):
    encode, connections = MD5PasswordHasher.encode, []

    def encode_and_count(*args):
        stats = connection.pool.get_stats()
        connections.append(stats["pool_size"] - stats["pool_available"])
        return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode_and_count)
    return connections


def signs_in(browser, alice):
    return sign_in(browser, "alice")


def tries_to_sign_in(browser, alice):
    return sign_in(browser, "nobody", "wrong")


def confirms(browser, alice):
    browser.force_login(alice)
    return browser.post("/security/confirm/", {"password": PASSWORD})


def changes_the_password(browser, alice):
    browser.force_login(alice)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    return browser.post("/security/password/", form)


def joins(browser, alice):
    with worker():
        token = invite(alice.client, role="auditor", by=Actor("alice"))
    form = {"login": "newcomer", "password": NEW, "repeated": NEW}
    return browser.post(f"/invitation/{token}/", form)


def makes_a_user(browser, alice):
    browser.force_login(make_administrator("dora"))
    form = {"username": "newcomer", "password1": NEW, "password2": NEW, "usable_password": "true"}
    form |= {"membership-TOTAL_FORMS": 0, "membership-INITIAL_FORMS": 0}
    return browser.post("/admin/accounts/user/add/", form)


def issues_a_password(browser, alice):
    browser.force_login(make_administrator("dora"))
    form = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    return browser.post(f"/admin/accounts/user/{alice.pk}/password/", form)


def registers_a_client(browser, alice):
    browser.force_login(make_administrator("dora"))
    return browser.post("/admin/clients/client/add/", registration())


def registration(**fields):
    return {
        "name": "Delta",
        "slug": "delta",
        "time_zone": "Asia/Kolkata",
        "owner": "diana",
        "password": NEW,
    } | fields


@pytest.mark.parametrize(
    "act",
    [
        signs_in,
        tries_to_sign_in,
        confirms,
        changes_the_password,
        joins,
        makes_a_user,
        issues_a_password,
        registers_a_client,
    ],
)
def test_nothing_is_hashed_while_a_connection_is_held(alice, connections, act):
    browser = Browser()
    connection.close()
    connections.clear()

    response = act(browser, alice)

    assert response.status_code in (200, 302)
    assert connections and set(
        connections[-2:] if act is changes_the_password else connections[-1:]
    ) == {0}


def test_a_hash_inside_of_another_block_is_refused(alice):
    with request_transaction(), transaction.atomic(), pytest.raises(RuntimeError):
        alice.check_password(PASSWORD)


def test_a_hash_made_in_advance_opens_to_its_password_alone(alice):
    user = User()
    with request_transaction(), prepared_hashes(NEW), transaction.atomic():
        user.set_password(NEW)

    assert user.check_password(NEW)
    assert not user.check_password(PASSWORD)


def test_tenant_and_writes_survive_a_hash(alice):
    with request_transaction():
        with connection.cursor() as cursor:
            cursor.execute("select set_config('app.client_id', '7', true)")
        FailedSignIns.objects.create(login="X", address="", count=1, since=timezone.now())
        alice.check_password(PASSWORD)
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('app.client_id', true)")
            assert cursor.fetchone() == ("7",)
        transaction.set_rollback(True)

    assert FailedSignIns.objects.filter(login="X").exists()


def test_a_password_that_was_changed_while_another_was_hashed_stays(alice, monkeypatch):
    browser = Browser()
    browser.force_login(alice)
    set_password = User.set_password

    def overtaken(user, raw):
        with worker():
            User.objects.filter(pk=user.pk).update(password="set meanwhile")
        set_password(user, raw)

    monkeypatch.setattr(User, "set_password", overtaken)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    response = browser.post("/security/password/", form)

    assert response.status_code == 200
    assert "Неверный пароль" in response.content.decode()
    assert User.objects.get(pk=alice.pk).password == "set meanwhile"


def test_a_user_who_is_switched_off_while_his_password_is_hashed_is_not_let_in(alice, monkeypatch):
    check_password = User.check_password

    def overtaken(user, raw):
        is_right = check_password(user, raw)
        with worker():
            User.objects.filter(pk=user.pk).update(is_active=False)
        return is_right

    monkeypatch.setattr(User, "check_password", overtaken)
    browser = Browser()
    sign_in(browser, "alice")

    assert browser.get("/").status_code == 302


# The clean-up of old attempts


def test_two_who_sign_in_at_once_clean_up_without_a_deadlock(alice, rf):
    yesterday = timezone.now() - timedelta(days=2)
    FailedSignIns.objects.bulk_create(
        FailedSignIns(login=f"OLD-{n}", address="192.0.2.1", count=1, since=yesterday)
        for n in range(200)
    )

    def sign_in_and_wait(login):
        def act():
            with transaction.atomic(), connection.cursor() as cursor:
                FailedSignIns.objects.filter(login=f"OLD-{login}").update(count=2)
                cursor.execute("select pg_sleep(0.3)")
                clear_failures(rf.get("/"), login)
                cursor.execute("select pg_sleep(0.3)")

        return act

    at_once(sign_in_and_wait("1"), sign_in_and_wait("150"))

    assert not FailedSignIns.objects.filter(since__lt=timezone.now() - timedelta(days=1)).exists()


def test_attempts_that_end_well_and_badly_at_once_never_deadlock(alice, rf):
    def attempts():
        for _time in range(30):
            with request_transaction():
                Attempt.begin(rf.get("/"), "alice").succeed()

    at_once(attempts, attempts, attempts)

    assert set(FailedSignIns.objects.values_list("count", flat=True)) == {0}


# The same Client at once


TWENTY = 20


def register_twenty_times(names):
    """Return the answers; the last is that of the registration."""
    administrators = [make_administrator(name) for name in names] * (TWENTY // len(names))
    browsers = [Browser(raise_request_exception=False) for _administrator in administrators]
    for browser, administrator in zip(browsers, administrators, strict=True):
        browser.force_login(administrator)
    connection.close()  # for whoever asks next

    def register(browser):
        return lambda: browser.post("/admin/clients/client/add/", registration())

    answers = at_once(*map(register, browsers))
    with worker():
        assert Client.objects.filter(slug="delta").count() == 1
    return sorted(answers, key=lambda answer: answer.status_code == 302)


@pytest.mark.slow
def test_a_client_registered_by_many_at_once_is_registered_once(transactional_db, monkeypatch):
    for whose in ("MEMBER", "CLIENT"):
        monkeypatch.setattr(turns, f"MAX_{whose}_REQUESTS", POOL["max_size"] - 1)
    monkeypatch.setattr(mechanism, "MAX_WAITING", TWENTY)

    *told, registered = register_twenty_times([f"admin-{number}" for number in range(TWENTY)])

    assert (len(told), registered.status_code) == (TWENTY - 1, 302)
    assert {answer.status_code for answer in told} == {200}
    assert all("уже" in words(answer) for answer in told)


def test_one_of_many_joins_by_an_invitation(alice):
    with worker():
        token = invite(alice.client, role="auditor", by=Actor("alice"))

    def join(number):
        form = {"login": f"newcomer-{number}", "password": NEW, "repeated": NEW}
        browser = Browser(raise_request_exception=False)
        return lambda: browser.post(f"/invitation/{token}/", form).status_code

    statuses = at_once(*map(join, range(10)))

    assert sorted(statuses) == [302] + [404] * 9
