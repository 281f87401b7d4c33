import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections

from tests.support.database.raw_sql import constraint_that_refuses, insert
from tests.support.factories import seeing, worker

pytestmark = pytest.mark.django_db

NOW = "2026-11-24 12:00+00"
CLIENT = {
    "name": "Delta",
    "slug": "delta",
    "time_zone": "Asia/Dhaka",
    "is_active": True,
    "second_factor_required": False,
}
KEY = {
    "name": "shop",
    "prefix": "pk_1",
    "sha256": "0" * 64,
    "scopes": ["balance"],
    "created_at": NOW,
}
USER = {
    "username": "eve",
    "password": "",
    "first_name": "",
    "last_name": "",
    "email": "",
    "is_superuser": False,
    "is_staff": False,
    "is_active": True,
    "date_joined": NOW,
    "language": "",
    "theme": "",
    "page_size": 25,
    "density": "",
    "refresh_seconds": 0,
    "list_columns": "{}",
    "must_change_password": False,
    "is_demo": False,
}
FAILED = {"login": "EVE", "address": "192.0.2.1", "count": 1, "since": NOW}
# The name of each constraint → a change that turns a good row into one that breaks it alone.
USER_BREAKS = {
    "user_language_known": {"language": "xx"},
    "user_theme_known": {"theme": "pink"},
    "user_page_size_offered": {"page_size": 26},
    "user_density_known": {"density": "cosy"},
    "user_refresh_seconds_offered": {"refresh_seconds": 1},
}
CLIENT_BREAKS = {"client_has_a_name": {"name": ""}, "client_has_a_slug": {"slug": ""}}
KEY_BREAKS = {
    "api_key_sha256_is_a_digest": {"sha256": "A" * 64},
    "api_key_scopes_known": {"scopes": ["balance", "everything"]},
}
INVITATION = {
    "role": "auditor",
    "sha256": "0" * 64,
    "created_at": NOW,
    "expires_at": NOW,
    "used_at": NOW,
    "revoked_at": None,
}
INVITATION_BREAKS = {
    "invitation_role_known": {"role": "king"},
    "invitation_sha256_is_a_digest": {"sha256": "A" * 64},
    "invitation_used_or_revoked": {"revoked_at": NOW},
}
EVENT = {
    "id": "00000000-0000-4000-8000-000000000000",
    "at": NOW,
    "client_name": "",
    "kind": "export",
    "result": "ok",
    "actor": "alice",
    "target": "",
    "details": "{}",
    "actor_kind": "user",
}
EVENT_BREAKS = {
    "audit_event_kind_known": {"kind": "gossip"},
    "audit_event_result_known": {"result": "perhaps"},
    "audit_event_actor_kind_known": {"actor_kind": "somebody"},
    "audit_event_has_an_actor": {"actor": ""},
    "audit_event_details_bounded": {"details": f'"{"x" * 10_000}"'},
}
BROKEN = {
    *EVENT_BREAKS,
    *USER_BREAKS,
    *CLIENT_BREAKS,
    *KEY_BREAKS,
    *INVITATION_BREAKS,
    "client_time_zone_known",
    "time_zone_whole",
    "membership_role_known",
    "user_login_once",
    "failed_sign_ins_once",
    "failed_sign_ins_of_somebody",
}


@pytest.mark.parametrize(("constraint", "change"), CLIENT_BREAKS.items())
def test_a_client_that_cannot_be_is_refused(constraint, change):
    assert constraint_that_refuses("clients_client", CLIENT | change) == constraint


def test_a_client_has_a_time_zone_that_exists():
    nowhere = CLIENT | {"time_zone": "Asia/Nowhere"}

    assert constraint_that_refuses("clients_client", nowhere) == "client_time_zone_known"


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_time_zone_has_offsets_of_all_times():
    halves = (
        "insert into clients_timezone values ('Mars/Olympus', '{-infinity}', '{0}', '{0,3600}')"
    )

    with pytest.raises(IntegrityError) as refused, connections["owner"].cursor() as cursor:
        cursor.execute(halves)

    assert refused.value.__cause__.diag.constraint_name == "time_zone_whole"


@pytest.mark.parametrize("column", ["name", "slug"])
def test_two_clients_have_two_names(column):
    second = {"name": "Second", "slug": "second"} | {column: CLIENT[column]}

    constraint = constraint_that_refuses("clients_client", CLIENT, CLIENT | second)

    assert constraint.startswith(f"clients_client_{column}_")


@pytest.mark.parametrize(("constraint", "change"), KEY_BREAKS.items())
def test_a_key_that_cannot_be_is_refused(alice, constraint, change):
    key = KEY | {"client_id": alice.client.pk}

    assert constraint_that_refuses("accounts_apikey", key | change) == constraint


@pytest.mark.parametrize(("constraint", "change"), INVITATION_BREAKS.items())
def test_an_invitation_that_cannot_be_is_refused(alice, constraint, change):
    invitation = INVITATION | {"client_id": alice.client.pk}

    assert constraint_that_refuses("accounts_invitation", invitation | change) == constraint


@pytest.mark.parametrize(("constraint", "change"), USER_BREAKS.items())
def test_a_user_who_cannot_be_is_refused(constraint, change):
    assert constraint_that_refuses("accounts_user", USER | change) == constraint


@pytest.mark.parametrize(("constraint", "change"), EVENT_BREAKS.items())
def test_an_event_that_cannot_be_is_refused(constraint, change):
    assert constraint_that_refuses("audit_auditevent", EVENT | change) == constraint


def test_a_login_is_taken_in_any_case():
    second = USER | {"username": "EVE"}

    assert constraint_that_refuses("accounts_user", USER, second) == "user_login_once"


def test_failed_sign_ins_are_counted_in_one_place():
    constraint = constraint_that_refuses("accounts_failedsignins", FAILED, FAILED)

    assert constraint == "failed_sign_ins_once"


def test_failed_sign_ins_are_somebodys():
    nobodys = FAILED | {"login": "", "address": ""}

    constraint = constraint_that_refuses("accounts_failedsignins", nobodys)

    assert constraint == "failed_sign_ins_of_somebody"


def test_a_member_has_a_role_that_exists(alice, dora):
    row = {"user_id": dora.pk, "client_id": alice.client.pk, "role": "king"}

    assert constraint_that_refuses("accounts_membership", row) == "membership_role_known"


def test_a_user_has_one_membership(alice, charlie):
    row = {"user_id": alice.pk, "client_id": charlie.client.pk, "role": "owner"}

    constraint = constraint_that_refuses("accounts_membership", row)

    assert constraint == "accounts_membership_user_id_key"


# Row-level security: what a member's own connection refuses


def test_a_user_does_not_move_himself_to_another_client(alice, charlie):
    with seeing(alice), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute("savepoint s")
            cursor.execute("update accounts_membership set client_id = %s", [charlie.client.pk])
        cursor.execute("rollback to s")


def test_a_user_without_a_client_changes_no_membership_not_even_his_own(alice):
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.user_id', %s, true)", [str(alice.pk)])
        cursor.execute("select user_id from accounts_membership")
        assert cursor.fetchall() == [(alice.pk,)]

        cursor.execute("update accounts_membership set role = 'owner'")
        assert cursor.rowcount == 0
        cursor.execute("delete from accounts_membership")
        assert cursor.rowcount == 0


def test_a_member_makes_nobody_a_member_of_another_client(alice, charlie, dora):
    row = {"user_id": dora.pk, "client_id": charlie.client.pk, "role": "owner"}

    with pytest.raises(ProgrammingError, match="row-level security"), seeing(alice):
        insert("accounts_membership", row)


def test_a_member_sees_and_makes_no_key_of_another_client(alice, charlie):
    key = KEY | {"client_id": charlie.client.pk}
    with worker():
        insert("accounts_apikey", key)

    with seeing(alice), connection.cursor() as cursor:
        cursor.execute("select count(*) from accounts_apikey")
        assert cursor.fetchone() == (0,)
    with pytest.raises(ProgrammingError, match="row-level security"), seeing(alice):
        insert("accounts_apikey", key | {"sha256": "1" * 64})


def test_a_client_sees_no_other_client(alice, charlie):
    with seeing(alice), connection.cursor() as cursor:
        cursor.execute("select slug from clients_client")

        assert cursor.fetchall() == [("alpha",)]


def test_a_client_with_members_is_not_deleted(alice):
    with pytest.raises(IntegrityError), worker(), connection.cursor() as cursor:
        cursor.execute("delete from clients_client")
        cursor.execute("set constraints all immediate")
