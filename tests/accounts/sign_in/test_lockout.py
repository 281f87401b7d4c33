import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connections, transaction
from django.utils import timezone

from accounts.mfa.code_pauses import FREE
from accounts.mfa.second_factor import remove_factors
from accounts.models import FailedSignIns, User, WrongCodes
from accounts.sign_in.lockout import (
    MAX_OF_ADDRESS,
    MAX_OF_LOGIN,
    MAX_OF_LOGIN_AND_ADDRESS,
    Attempt,
    LockedOut,
)
from accounts.sign_in.views import SignInView
from tests.conftest import NOON
from tests.support.factories import PASSWORD, make_client, make_member, worker
from tests.support.pages import words
from tests.support.second_factors import code_of, set_up_app, sign_in
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db


def fail(browser, login="alice", times=MAX_OF_LOGIN_AND_ADDRESS, **more):
    cache.clear()  # as if another process answered
    for _time in range(times):
        sign_in(browser, login, "wrong", **more)


def at(address):
    return Browser(REMOTE_ADDR=address)


def test_after_five_wrong_passwords_the_right_one_waits_too(client, alice):
    fail(client)

    response = sign_in(client, "alice")

    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "через 15 минут" in words(response)


@pytest.mark.parametrize(
    ("seconds", "minutes", "in_words"),
    [(0, 15, "15 минут"), (301, 10, "10 минут"), (780, 2, "2 минуты"), (899, 1, "1 минуту")],
)
def test_pause_says_the_minutes_left(client, alice, seconds, minutes, in_words):
    with time_machine.travel(NOON, tick=False):
        fail(client)

    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        response = sign_in(client, "alice")

    assert f"Попробуйте через {in_words} или" in words(response)
    assert response["Retry-After"] == str(minutes * 60)


def test_pause_of_an_address_says_the_minutes_left(rf, alice):
    with time_machine.travel(NOON, tick=False):
        for attempt in range(MAX_OF_ADDRESS):
            Attempt.begin(rf.get("/", REMOTE_ADDR="198.51.100.7"), f"user-{attempt}")

    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        assert sign_in(at("198.51.100.7"), "alice")["Retry-After"] == "360"


def test_pause_that_ends_last_is_the_one_that_is_said(client, alice):
    with time_machine.travel(NOON, tick=False):
        fail(client)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False), worker():
        FailedSignIns.objects.filter(address="").update(count=MAX_OF_LOGIN, since=timezone.now())

    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        assert sign_in(client, "alice")["Retry-After"] == "600"


def test_a_login_that_is_not_there_is_locked_alike(client, alice):
    fail(client, "nobody")

    response = sign_in(client, "nobody")

    assert response.status_code == 429
    assert "через 15 минут" in words(response)


def test_count_is_shared_by_processes(client, alice):
    for _process in range(MAX_OF_LOGIN_AND_ADDRESS):
        fail(Browser(), times=1)

    assert sign_in(Browser(), "alice").status_code == 429


def test_writing_the_login_otherwise_is_no_way_around(client, alice):
    for login in ("alice", "ALICE", "Alice", " alice ", "aLICE"):
        fail(client, login, times=1)

    assert sign_in(client, "alice").status_code == 429


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"])
def test_no_header_is_a_way_around(alice, header):
    for attempt in range(MAX_OF_LOGIN_AND_ADDRESS):
        fail(Browser(headers={header: f"198.51.100.{attempt}"}), times=1)

    browser = Browser(headers={header: "198.51.100.99"})
    assert sign_in(browser, "alice").status_code == 429


def test_behind_a_proxy_only_what_it_adds_is_believed(alice, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for attempt in range(MAX_OF_LOGIN_AND_ADDRESS):
        made_up = f"203.0.113.{attempt}, 198.51.100.7"
        fail(Browser(headers={"X-Forwarded-For": made_up}), times=1)

    same = Browser(headers={"X-Forwarded-For": "192.0.2.1, 198.51.100.7"})
    other = Browser(headers={"X-Forwarded-For": "198.51.100.7, 192.0.2.1"})
    assert sign_in(same, "alice").status_code == 429
    assert sign_in(other, "alice").status_code == 302


def test_all_addresses_of_one_ipv6_network_are_one(alice):
    for attempt in range(MAX_OF_LOGIN_AND_ADDRESS):
        fail(at(f"2001:db8:1:1::{attempt}"), times=1)

    assert sign_in(at("2001:db8:1:1::ffff"), "alice").status_code == 429
    assert sign_in(at("2001:db8:2:2::1"), "alice").status_code == 302


def test_a_stranger_locks_her_out_from_his_address_only(alice):
    fail(at("198.51.100.7"))

    assert sign_in(at("192.0.2.1"), "alice").status_code == 302


def test_one_address_tries_no_end_of_logins(rf, alice):
    for attempt in range(MAX_OF_ADDRESS - 1):
        Attempt.begin(rf.get("/", REMOTE_ADDR="198.51.100.7"), f"user-{attempt}")
    assert sign_in(at("198.51.100.7"), "nobody", "wrong").status_code == 200

    assert sign_in(at("198.51.100.7"), "alice").status_code == 429
    assert sign_in(at("192.0.2.1"), "alice").status_code == 302


def test_one_login_is_tried_from_no_end_of_addresses(rf, alice):
    for attempt in range(MAX_OF_LOGIN - 1):
        Attempt.begin(rf.get("/", REMOTE_ADDR=f"198.51.100.{attempt}"), "alice")
    assert sign_in(at("203.0.113.1"), "alice", "wrong").status_code == 200

    assert sign_in(at("192.0.2.1"), "alice").status_code == 429


def test_the_pause_is_over_after_a_quarter_of_an_hour(client, alice):
    fail(client)

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, "alice").status_code == 302


def test_attempts_do_not_extend_the_pause(client, alice):
    fail(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        fail(client)

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, "alice").status_code == 302


def test_mistyping_now_and_then_locks_nobody(client, alice):
    for days in range(MAX_OF_LOGIN_AND_ADDRESS + 1):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            fail(client, times=1)

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        assert sign_in(client, "alice").status_code == 302


def test_what_was_mistyped_before_a_sign_in_counts_no_more(client, alice):
    fail(client, times=MAX_OF_LOGIN_AND_ADDRESS - 1)
    sign_in(client, "alice")
    client.post("/logout/")

    fail(client, times=MAX_OF_LOGIN_AND_ADDRESS - 1)

    assert sign_in(client, "alice").status_code == 302


def test_an_account_of_ones_own_clears_nothing_of_anothers(client, alice, charlie):
    for _time in range(MAX_OF_LOGIN_AND_ADDRESS):
        fail(client, times=1)
        sign_in(client, "charlie")
        client.post("/logout/")

    assert sign_in(client, "alice").status_code == 429


def test_wrong_attempts_are_counted_from_the_first(client, alice):
    sign_in(client, "alice")
    client.post("/logout/")
    with time_machine.travel(NOON + timedelta(minutes=3), tick=False):
        fail(client, times=1)
    with time_machine.travel(NOON + timedelta(minutes=4), tick=False):
        fail(client, times=1)

    assert set(FailedSignIns.objects.values_list("count", "since")) == {
        (2, NOON + timedelta(minutes=3))
    }


# Codes


def guess(minutes=0, code="000000", address="192.0.2.7"):
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        thief = at(address)
        assert sign_in(thief, "alice")["Location"] == "/login/code/"
        return thief.post("/login/code/", {"code": code})


def test_five_wrong_codes_close_an_account_for_a_minute_from_every_address(secret):
    for n in range(FREE):
        assert guess(address=f"192.0.2.{n}").status_code == 200

    with time_machine.travel(NOON):
        right = code_of(secret)
    response = guess(code=right, address="203.0.113.1")

    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "через 1 минуту" in words(response)


def test_each_more_wrong_code_closes_it_for_longer(secret):
    for _time in range(FREE):
        guess()

    for minutes in [1, 6, 21, 81, 141]:  # after pauses of 1, 5, 15, 60 and 60 minutes
        assert guess(minutes - 0.1).status_code == 429
        assert guess(minutes).status_code == 200


def test_right_code_ends_the_count(client, secret):
    for _time in range(FREE - 1):
        guess()
    with time_machine.travel(NOON + timedelta(minutes=1)):
        right = code_of(secret)
    assert guess(1, right).status_code == 302

    assert [guess(2).status_code for _time in range(FREE)] == [200] * FREE


def test_wrong_codes_of_one_account_pause_no_other(client, secret, charlie):
    for _time in range(FREE + 1):
        guess()

    sign_in(client, "charlie")
    set_up_app(client)
    client.post("/logout/")
    sign_in(client, "charlie")
    assert client.post("/login/code/", {"code": "000000"}).status_code == 200


def test_new_second_factor_begins_without_a_pause(secret, alice):
    for _time in range(FREE + 1):
        guess()

    remove_factors(alice)

    assert not WrongCodes.objects.exists()


def test_codes_that_confirm_are_counted_too(client, alice, secret):
    client.force_login(alice)
    for _time in range(FREE):
        client.post("/security/confirm/code/", {"code": "000000"})

    response = client.post("/security/confirm/code/", {"code": code_of(secret, later=1)})

    assert response.status_code == 429


def test_passwords_that_confirm_count_too(client, alice):
    client.force_login(alice)
    for _time in range(MAX_OF_LOGIN_AND_ADDRESS):
        client.post("/security/confirm/", {"password": "wrong"})

    response = client.post("/security/confirm/", {"password": PASSWORD})

    assert response.status_code == 429
    assert "через 15 минут" in words(response)


def test_pause_of_a_confirmation_says_the_minutes_left(client, alice):
    client.force_login(alice)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _time in range(MAX_OF_LOGIN_AND_ADDRESS):
            client.post("/security/confirm/", {"password": "wrong"})
        clock.shift(timedelta(minutes=12))
        response = client.post("/security/confirm/", {"password": PASSWORD})

    assert response["Retry-After"] == "180"


# By an administrator


def test_an_administrator_sees_who_is_locked_and_unlocks(client, alice, dora):
    fail(client)
    office = at("192.0.2.9")
    office.force_login(dora)
    listed = office.get("/admin/accounts/failedsignins/")
    assert "ALICE" in words(listed)

    rows = [row.pk for row in FailedSignIns.objects.all()]
    form = {"action": "unlock", "_selected_action": rows}
    page = words(office.post("/admin/accounts/failedsignins/", form, follow=True))

    assert "Можно войти сразу" in page
    assert sign_in(client, "alice").status_code == 302


# What cannot be told


@pytest.fixture
def hash_times(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["accounts.sign_in.hashing.QueuedArgon2PasswordHasher"]
    times = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, counting(name, times))
    return times


def counting(name, times):
    whole = getattr(Argon2PasswordHasher, name)

    def encode_and_count(self, *args):
        times.append(name)
        return whole(self, *args)

    return encode_and_count


def of_argon2(user):
    with worker():
        user.set_password(PASSWORD)
        user.save()


def test_unknown_login_is_hashed_as_often(client, alice, hash_times):
    of_argon2(alice)
    hash_times.clear()

    known = sign_in(client, "alice", "wrong")
    of_known = len(hash_times)
    unknown = sign_in(client, "nobody", "wrong")

    assert of_known == len(hash_times) - of_known == 1
    assert known.status_code == unknown.status_code == 200


def test_a_switched_off_user_is_locked_like_everybody(client, alice):
    with worker():
        User.objects.filter(pk=alice.pk).update(is_active=False)
    fail(client)

    assert sign_in(client, "alice").status_code == 429


def test_a_failure_of_ours_takes_no_wrong_attempt_back(alice, monkeypatch):
    broken = Browser(raise_request_exception=False)
    with monkeypatch.context() as failing:
        failing.setattr(SignInView, "form_invalid", lambda *_: 1 / 0)
        statuses = {
            sign_in(broken, "alice", "wrong").status_code
            for _guess in range(MAX_OF_LOGIN_AND_ADDRESS)
        }

    assert statuses == {500}
    assert sign_in(Browser(), "alice").status_code == 429


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_simultaneous_attempts_are_limited_alike(rf):
    make_member("alice", client=make_client("alpha"))

    def attempt(_number):
        try:
            with transaction.atomic():  # as a request is, while a password is hashed
                Attempt.begin(rf.get("/"), "alice")
                time.sleep(0.05)
            return 1
        except LockedOut:
            return 0
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(8) as threads:
        tried = sum(threads.map(attempt, range(40)))

    assert tried == MAX_OF_LOGIN_AND_ADDRESS
