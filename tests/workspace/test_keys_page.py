import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from time_machine import travel

from accounts.actions import create_api_key
from accounts.api_keys import increment_count
from accounts.models import ApiKey
from accounts.roles import Role
from audit.kinds import Kind, Result
from audit.record import ONCE_A_MINUTE, Actor
from clients.models import Client
from tests.conftest import NOON
from tests.support.database.at_once import at_once
from tests.support.database.raw_sql import execute
from tests.support.events import event_summary, events, only_event
from tests.support.factories import make_member, worker
from tests.support.pages import words
from workspace.api_keys import views

pytestmark = pytest.mark.django_db

PAGE = "/keys/"
BALANCE = "/api/v1/wallets/balance"
KEY = re.compile(r"pk_[\w-]{43}")
GIVEN = {"name": "shop", "scopes": ["balance"], "last_day": ""}


@pytest.fixture
def owner(client, alice):
    client.force_login(alice)
    return client


def make_key(user, name="shop"):
    with worker():
        text = create_api_key(user.client, name=name, by=Actor("test"))
        return text, ApiKey.unscoped.get(name=name)


def only_key():
    with worker():
        return ApiKey.unscoped.get()


def revoke(key):
    return f"/keys/{key.pk}/revoke/"


def ask(client, key):
    return client.post(
        BALANCE,
        json.dumps({"wallet_type": "upi_l"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


# Made


def test_a_key_that_was_made_opens_the_api(owner):
    [text] = set(KEY.findall(owner.post(PAGE, GIVEN, follow=True).content.decode()))

    assert ask(Browser(), text).status_code == 200


def test_a_key_is_shown_once_and_never_again(owner):
    [text] = set(KEY.findall(owner.post(PAGE, GIVEN, follow=True).content.decode()))

    response = owner.get(PAGE)

    assertNotContains(response, text)
    assertContains(response, f"{text[:12]}…")


def test_reloading_the_page_of_a_new_key_makes_no_second_one(owner):
    assertRedirects(owner.post(PAGE, GIVEN), PAGE, fetch_redirect_response=False)

    shown = [bool(KEY.search(owner.get(PAGE).content.decode())) for _time in range(3)]

    assert shown == [True, False, False]
    assert only_key().name == "shop"


def test_a_new_key_stands_in_no_cookie_and_readable_in_no_session(owner):
    response = owner.post(PAGE, GIVEN)
    session = str(dict(owner.session.items()))
    [text] = set(KEY.findall(owner.get(PAGE).content.decode()))

    assert text not in session
    assert text not in str(response.headers) + response.cookies.output()


def test_a_new_key_that_nobody_looks_at_is_gone_after_a_minute(owner):
    owner.post(PAGE, GIVEN)

    with travel(NOON + timedelta(seconds=90)):
        assert not KEY.search(owner.get(PAGE).content.decode())


def test_asking_for_the_head_of_the_page_leaves_a_new_key_to_be_shown(owner):
    owner.post(PAGE, GIVEN)
    owner.head(PAGE)

    assert KEY.search(owner.get(PAGE).content.decode())


def test_a_new_key_is_shown_to_who_made_it_and_nobody_else(owner, alice):
    other = Browser()
    other.force_login(alice)
    owner.post(PAGE, GIVEN)

    assert not KEY.search(other.get(PAGE).content.decode())


def test_who_made_a_key_is_written_and_the_key_is_not(owner):
    [text] = set(KEY.findall(owner.post(PAGE, GIVEN, follow=True).content.decode()))

    event = only_event(Kind.KEY_MADE)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.target, event.address) == (f"shop ({text[:12]}…)", "127.0.0.1")
    assert event.details == {"scopes": "balance", "last_day": "none"}


def test_last_day_of_a_key_is_written_as_its_owner_chose_it(owner):
    owner.post(PAGE, GIVEN | {"last_day": "2026-12-01"})

    details = only_event(Kind.KEY_MADE).details
    assert (details["last_day"], details["time_zone"]) == ("2026-12-01", "Asia/Kolkata")


def test_a_key_that_is_not_written_down_is_not_made(owner, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.actions.record_event", fail)
    owner.raise_request_exception = False

    assert owner.post(PAGE, GIVEN).status_code == 500
    with worker():
        assert not ApiKey.unscoped.exists()


def test_a_key_works_to_the_end_of_its_last_day_in_the_clients_zone(owner):
    owner.post(PAGE, GIVEN | {"last_day": "2026-11-24"})

    assert only_key().expires_at == datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


def test_last_day_of_a_key_is_the_one_that_was_chosen(owner):
    made = words(owner.post(PAGE, GIVEN | {"last_day": "2026-11-30"}, follow=True))
    asked = words(owner.get(revoke(only_key())))

    assert "Последний день Состояние" in made
    assert "30.11.2026 включительно" in made
    assert "Последний день: 30.11.2026 включительно" in asked
    assert "01.12.2026" not in made + asked


def test_last_day_of_another_time_zone_is_a_moment_and_the_log_names_the_zone(owner, alice):
    owner.post(PAGE, GIVEN | {"last_day": "2026-11-30"})
    with worker():
        Client.objects.filter(pk=alice.client.pk).update(time_zone="America/New_York")

    page, log = words(owner.get(PAGE)), words(owner.get("/audit/"))

    assert "до 30.11.2026 13:30:00" in page
    assert "Последний день: 30.11.2026 · Часовой пояс: Asia/Kolkata" in log


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\0"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"last_day": "2026-11-23"}, "last_day"),
        ({"last_day": "soon"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
    ],
)
def test_a_wrong_value_says_so_at_its_field_and_makes_no_key(owner, wrong, field):
    response = owner.post(PAGE, GIVEN | wrong)

    assert list(response.context["form"].errors) == [field]
    assert not KEY.search(response.content.decode())
    with worker():
        assert not ApiKey.unscoped.exists()


def test_a_client_has_so_many_keys_and_no_more(owner, alice, monkeypatch):
    monkeypatch.setattr(views, "MAX_KEYS", 1)
    _text, key = make_key(alice)

    assert "Ключей уже 1." in words(owner.post(PAGE, GIVEN))
    owner.post(revoke(key))

    assert KEY.search(owner.post(PAGE, GIVEN, follow=True).content.decode())


def test_what_is_typed_as_a_name_is_escaped(owner):
    assertContains(owner.post(PAGE, GIVEN | {"name": "<b>"}, follow=True), "&lt;b&gt;")


@pytest.mark.parametrize("method", ["get", "post"])
def test_keys_require_reauthentication(owner, alice, method):
    _text, key = make_key(alice)
    owner.prove_long_ago(alice)

    for address in (PAGE, revoke(key)):
        response = getattr(owner, method)(address, GIVEN)
        assert response["Location"].startswith(f"/security/confirm/?next={address}")

    assert only_key().revoked_at is None


# The list


def test_the_list_tells_all_but_the_key(owner, alice):
    with travel(NOON, tick=False):
        text, _key = make_key(alice)
        ask(Browser(), text)

    assert (
        f"shop {text[:12]}… Запросы баланса 24.11.2026 17:30:00 24.11.2026 17:30:00 — Действует"
        in words(owner.get(PAGE))
    )


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "Действует"),
        ({"expires_at": NOON + timedelta(hours=1)}, "Действует"),
        ({"expires_at": NOON}, "Истёк"),
        ({"revoked_at": NOON, "expires_at": NOON}, "Отозван"),
    ],
)
def test_the_list_tells_the_state_of_a_key(owner, alice, change, state):
    make_key(alice)
    with worker():
        ApiKey.unscoped.update(**change)

    response = owner.get(PAGE)

    [key] = response.context["keys"]
    assert key.state.label == state
    assert state in words(response)


def test_keys_that_work_stand_before_the_revoked_ones(owner, alice):
    for name in ("first", "second", "third"):
        make_key(alice, name)
    with worker():
        ApiKey.unscoped.filter(name="third").update(revoked_at=NOON)

    assert [key.name for key in owner.get(PAGE).context["keys"]] == ["second", "first", "third"]


# Revoked


def test_revoking_asks_first_and_changes_nothing_until_it_is_answered(owner, alice):
    text, key = make_key(alice)

    assert f"«shop» ({text[:12]}…)" in words(owner.get(revoke(key)))

    assert ask(Browser(), text).status_code == 200


def test_a_revoked_key_opens_nothing(owner, alice):
    text, key = make_key(alice)

    assertRedirects(owner.post(revoke(key)), PAGE)

    assert ask(Browser(), text).status_code == 401
    assert event_summary(only_event(Kind.KEY_REVOKED)) == ("alice", "Alpha", Result.OK)


def test_a_key_is_revoked_once(owner, alice):
    _text, key = make_key(alice)
    with travel(NOON, tick=False):
        owner.post(revoke(key))

    assertRedirects(owner.get(revoke(key)), PAGE)
    again = owner.post(revoke(key), follow=True)

    assert "уже был отозван" in words(again)
    assert only_key().revoked_at == NOON
    assert only_event(Kind.KEY_REVOKED)


# Whose


def test_a_strangers_key_does_not_exist(owner, charlie, nets):
    text, key = make_key(charlie, "his-shop")

    assertNotContains(owner.get(PAGE), "his-shop")
    assert owner.get(revoke(key)).status_code == owner.post(revoke(key)).status_code == 404
    assert ask(Browser(), text).status_code == 200


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_only_owners_make_and_revoke_keys(client, alice, role):
    text, key = make_key(alice)
    client.force_login(make_member("eve", client=alice.client, role=role))

    for address in (PAGE, revoke(key)):
        assert client.get(address).status_code == client.post(address, GIVEN).status_code == 403

    assert ask(Browser(), text).status_code == 200
    assert len(events(Kind.KEY_MADE)) == 1
    assertNotContains(client.get("/"), f'href="{PAGE}"')


def test_menu_leads_an_owner_to_the_keys(owner):
    assertContains(owner.get("/"), f'href="{PAGE}"')


# So many requests a minute


@pytest.fixture
def three_a_minute(settings):
    settings.API_REQUESTS_A_MINUTE = 3


def statuses(client, key, requests):
    return [ask(client, key).status_code for _request in range(requests)]


@pytest.mark.usefixtures("three_a_minute")
def test_one_request_too_many_is_told_when_to_come_again(client, alice):
    text, _key = make_key(alice)
    with travel(NOON + timedelta(seconds=10, microseconds=1), tick=False):
        assert statuses(client, text, 3) == [200] * 3

        refused = ask(client, text)

        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "50")
        assert refused.json()["reason"].startswith("Слишком много запросов с этим ключом.")
    with travel(NOON + timedelta(minutes=1), tick=False):
        assert statuses(client, text, 4) == [200] * 3 + [429]


@pytest.mark.usefixtures("three_a_minute")
def test_each_key_is_counted_by_itself(client, alice, charlie):
    with travel(NOON, tick=False):
        assert statuses(client, make_key(alice)[0], 4)[-1] == 429

        for other in (make_key(alice, "hers")[0], make_key(charlie, "his")[0]):
            assert ask(client, other).status_code == 200


@pytest.mark.usefixtures("three_a_minute")
def test_a_key_that_asks_too_often_is_written_once_a_minute(client, alice):
    text, _key = make_key(alice)
    with travel(NOON, tick=False):
        statuses(client, text, 6)

    event = only_event(Kind.REFUSAL)
    assert event_summary(event) == (f"key {text[:12]}", "Alpha", Result.REFUSED)
    assert event.details == {"method": "POST", "status": 429} | ONCE_A_MINUTE


@pytest.mark.usefixtures("three_a_minute")
def test_a_flood_writes_nothing_at_the_row_of_its_key(client, alice):
    text, _key = make_key(alice)
    with travel(NOON, tick=False):
        statuses(client, text, 3)
        with connection.cursor() as cursor, worker():
            cursor.execute("select xmax::text, ctid::text from accounts_apikey")
            before = cursor.fetchone()

        statuses(client, text, 3)

        with connection.cursor() as cursor, worker():
            cursor.execute("select xmax::text, ctid::text from accounts_apikey")
            assert cursor.fetchone() == before


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_requests_at_the_same_time_are_all_counted(alice):
    _text, key = make_key(alice)
    minute = NOON.replace(second=0)

    def request():
        with transaction.atomic():
            execute("set local role paykassma_backoffice")
            return increment_count(key, NOON, minute, most=3)

    let_in = at_once(*[request] * 6)

    assert sorted(let_in, key=str) == [1, 2, 3, None, None, None]
    with worker():
        assert ApiKey.unscoped.get().counted_requests == 3
