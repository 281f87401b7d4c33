import threading
from functools import partial

import pytest
from django.contrib.auth.hashers import make_password

from accounts.members import members
from accounts.members.members import lock_members
from accounts.models import Membership, User
from accounts.roles import Role
from audit.kinds import Kind, Result
from audit.record import Actor
from backoffice import membership_inlines
from backoffice.admin import OperatorAdmin
from tests.support.database.at_once import at_once
from tests.support.events import event_summary, only_event
from tests.support.factories import PASSWORD, make_administrator, make_client, make_member, worker
from tests.support.pages import words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

NEW = "another-horse-another-battery"
REFUSED = "Последний владелец остаётся владельцем и действующим"


@pytest.fixture
def office(client, dora):
    client.force_login(dora)
    return client


@pytest.fixture
def olga(alice):
    return make_member("olga", client=alice.client)


def membership_of(user):
    with worker():
        return Membership.unscoped.filter(user=user).first()


def send_client(office, client, *rows, **fields):
    """The form of a Client; a row is (user, role, whether he is removed)."""
    form = {
        "name": client.name,
        "slug": client.slug,
        "time_zone": client.time_zone,
        "is_active": "on",
        "membership_set-TOTAL_FORMS": len(rows),
        "membership_set-INITIAL_FORMS": sum(membership_of(row[0]) is not None for row in rows),
    }
    for number, (user, role, is_removed) in enumerate(rows):
        membership = membership_of(user)
        form |= {
            f"membership_set-{number}-id": membership.pk if membership else "",
            f"membership_set-{number}-user": user.pk,
            f"membership_set-{number}-role": role,
        } | ({f"membership_set-{number}-DELETE": "on"} if is_removed else {})
    return office.post(f"/admin/clients/client/{client.pk}/change/", form | fields)


def send_user(office, user, *, role=Role.OWNER, client=None, is_active=True, **fields):
    form = {
        "username": user.username,
        "membership-TOTAL_FORMS": 1,
        "membership-INITIAL_FORMS": 1,
        "membership-0-id": membership_of(user).pk,
        "membership-0-user": user.pk,
        "membership-0-client": (client or user.client).pk,
        "membership-0-role": role,
    } | ({"is_active": "on"} if is_active else {})
    return office.post(f"/admin/accounts/user/{user.pk}/change/", form | fields)


def is_owner(user):
    membership, user = membership_of(user), User.objects.get(pk=user.pk)
    return membership is not None and membership.role == Role.OWNER and user.is_active


# On the Client's page


@pytest.mark.parametrize(("role", "is_removed"), [(Role.AUDITOR, False), (Role.OWNER, True)])
def test_the_last_owner_is_neither_demoted_nor_removed(office, alice, bob, role, is_removed):
    response = send_client(
        office, alice.client, (alice, role, is_removed), (bob, Role.AUDITOR, False)
    )

    assert REFUSED in words(response)
    assert is_owner(alice)


def test_inactive_user_cannot_replace_last_owner(office, alice, bob):
    with worker():
        User.objects.filter(pk=bob.pk).update(is_active=False)

    response = send_client(
        office, alice.client, (alice, Role.AUDITOR, False), (bob, Role.OWNER, False)
    )

    assert REFUSED in words(response)


def test_an_owner_goes_when_another_is_made_in_the_same_form(office, alice, bob):
    response = send_client(
        office, alice.client, (alice, Role.OWNER, True), (bob, Role.OWNER, False)
    )

    assert response.status_code == 302
    assert is_owner(bob) and not is_owner(alice)


def test_one_of_two_owners_can_go(office, alice, olga):
    response = send_client(
        office, alice.client, (alice, Role.OWNER, True), (olga, Role.OWNER, False)
    )

    assert response.status_code == 302
    assert is_owner(olga) and not is_owner(alice)


def test_a_client_without_an_owner_is_given_one(office, alice, bob):
    with worker():
        User.objects.filter(pk=alice.pk).update(is_active=False)

    unchanged = send_client(office, alice.client, (bob, Role.AUDITOR, False), name="Alpha Ltd")
    given = send_client(office, alice.client, (bob, Role.OWNER, False))

    assert (unchanged.status_code, given.status_code) == (302, 302)
    assert is_owner(bob)


# On his own page


@pytest.mark.parametrize(
    "change",
    [
        {"role": Role.OPERATOR},
        {"is_active": False},
        {"membership-0-DELETE": "on"},
        {"is_active": False, "membership-TOTAL_FORMS": 0, "membership-INITIAL_FORMS": 0},
    ],
)
def test_last_owner_stays_on_user_page(office, alice, change):
    response = send_user(office, alice, **change)

    assert REFUSED in words(response)
    assert is_owner(alice)


def test_nobody_is_moved_to_another_client(office, alice, olga, charlie):
    send_user(office, olga, client=charlie.client)

    assert membership_of(olga).client_id == alice.client.pk


def test_no_membership_is_given_to_somebody_else(office, alice, olga):
    stranger = User.objects.create_user("eve", password=PASSWORD)
    kept = membership_of(olga)

    send_client(
        office,
        alice.client,
        (alice, Role.OWNER, False),
        (olga, Role.OWNER, False),
        **{"membership_set-1-user": stranger.pk},
    )

    assert membership_of(olga) == kept


@pytest.mark.parametrize("change", [{"role": Role.OPERATOR}, {"is_active": False}])
def test_one_of_two_owners_changes_on_user_page(office, alice, olga, change):
    assert send_user(office, alice, **change).status_code == 302
    assert not is_owner(alice)


def test_an_owner_switched_off_is_switched_on_again(office, alice):
    with worker():
        User.objects.filter(pk=alice.pk).update(is_active=False)

    assert send_user(office, alice, is_active=True).status_code == 302
    assert is_owner(alice)


def test_a_user_who_is_no_owner_is_switched_off(office, alice, bob):
    assert send_user(office, bob, role=Role.AUDITOR, is_active=False).status_code == 302


# At the same time


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("round_", range(5))
@pytest.mark.parametrize("change", [{"role": Role.AUDITOR}, {"is_active": False}])
def test_of_two_owners_changed_at_the_same_time_one_stays(round_, change):
    alpha = make_client("alpha")
    owners = [make_member(name, client=alpha) for name in ("alice", "olga")]
    dora = make_administrator("dora")
    begin = threading.Barrier(2)

    def send(owner):
        office = Browser()
        office.force_login(dora)
        begin.wait()
        return send_user(office, owner, **change).status_code

    answers = at_once(*[partial(send, owner) for owner in owners])

    assert sorted(answers) == [200, 302]
    assert sum(is_owner(owner) for owner in owners) == 1


# What an owner leaves behind


@pytest.mark.parametrize(
    "act",
    [
        lambda office, olga: send_user(office, olga, **{"membership-0-DELETE": "on"}),
        lambda office, olga: send_user(office, olga, role=Role.AUDITOR),
        lambda office, olga: send_user(office, olga, is_active=False),
    ],
)
def test_links_end_with_an_owner(office, alice, olga, act):
    with worker():
        token = members.invite(alice.client, role=Role.OWNER, by=Actor("olga"))

    act(office, olga)

    assert Browser().get(f"/invitation/{token}/").status_code == 404
    assert event_summary(only_event(Kind.INVITATION_REVOKED)) == ("dora", "Alpha", Result.OK)


def test_links_stay_where_every_owner_does(office, alice, bob, olga):
    with worker():
        token = members.invite(alice.client, role=Role.OWNER, by=Actor("olga"))

    send_user(office, bob, role=Role.OPERATOR)

    assert Browser().get(f"/invitation/{token}/").status_code == 200


# Two at once


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something after the forms were read and before the members are locked."""

    def arrange(act):
        def lock(client):
            act()
            return lock_members(client)

        monkeypatch.setattr(membership_inlines, "lock_members", lock)

    return arrange


def test_concurrently_disabled_user_is_no_owner(office, alice, bob, meanwhile):
    meanwhile(lambda: User.objects.filter(pk=bob.pk).update(is_active=False))

    response = send_client(
        office, alice.client, (alice, Role.AUDITOR, False), (bob, Role.OWNER, False)
    )

    assert REFUSED in words(response)
    assert is_owner(alice)


def test_concurrently_removed_member_stays_removed(office, alice, bob, meanwhile):
    meanwhile(lambda: Membership.unscoped.filter(user=bob).delete())

    response = send_client(
        office, alice.client, (alice, Role.OWNER, False), (bob, Role.OPERATOR, False)
    )

    assert "только что изменил" in words(response)
    assert membership_of(bob) is None


def test_a_password_that_is_changed_meanwhile_stays(office, alice, olga, monkeypatch):
    new = make_password(NEW)

    def change():
        User.objects.filter(pk=olga.pk).update(password=new)

    save = OperatorAdmin.save_model
    monkeypatch.setattr(OperatorAdmin, "save_model", lambda *args: (change(), save(*args))[1])
    send_user(office, olga, username="olga-b")

    olga.refresh_from_db()
    assert olga.username == "olga-b"
    assert olga.check_password(NEW)


# In the log of the Client


def test_removal_on_user_page_is_in_clients_log(office, alice, olga):
    send_user(office, olga, **{"membership-0-DELETE": "on"})

    assert event_summary(only_event(Kind.MEMBER_REMOVED)) == ("dora", "Alpha", Result.OK)


def test_signing_out_of_the_back_office_is_written_once(office):
    office.post("/admin/logout/")

    assert event_summary(only_event(Kind.SIGN_OUT)) == ("dora", "", Result.OK)
