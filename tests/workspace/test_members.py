import re
import threading
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.members import members
from accounts.members.members import LastOwner
from accounts.models import Membership, Session, User
from accounts.roles import Role
from audit.kinds import Kind, Result
from audit.record import Actor
from paykassma_admin.database.tenancy import set_tenant
from tests.support.database.at_once import at_once
from tests.support.events import event_summary, events, only_event
from tests.support.factories import PASSWORD, make_member, seeing, worker
from tests.support.pages import words
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

PAGE = "/members/"


@pytest.fixture
def owner(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def olga(alice):
    return make_member("olga", client=alice.client)


def member_of(user):
    with worker():
        return Membership.unscoped.select_related("client", "user").get(user=user)


def role_of(user):
    return member_of(user).role


def is_member(user):
    with worker():
        return Membership.unscoped.filter(user=user).exists()


def address(user, act=""):
    return f"/members/{member_of(user).pk}/{act}"


def give(browser, user, role):
    return browser.post(address(user, "role/"), {"role": role})


def remove(browser, user):
    return browser.post(address(user, "remove/"))


# The list


def test_the_list_tells_login_role_last_sign_in_and_state(owner, alice, bob):
    for login in ("alice", "bob"):
        Browser().post("/login/", {"login": login, "password": PASSWORD})
    with worker():
        User.objects.filter(pk=bob.pk).update(is_active=False)

    shown = words(owner.get(PAGE))

    assert "alice Владелец 24.11.2026 17:30:0" in shown
    assert "bob Аудитор 24.11.2026 17:30:0" in shown
    assert "Отключён Изменить bob" in shown


def test_members_of_other_clients_are_not_listed(owner, charlie):
    assertNotContains(owner.get(PAGE), "charlie")


def test_menu_leads_only_owners_to_members(owner, bob):
    assertContains(owner.get("/"), f'href="{PAGE}"')
    owner.force_login(bob)

    assertNotContains(owner.get("/"), f'href="{PAGE}"')


# Roles


def test_a_changed_role_ends_the_sessions_and_holds_in_the_next(owner, bob):
    browser = Browser()
    browser.force_login(bob)

    assertRedirects(give(owner, bob, "owner"), PAGE)

    assert browser.get("/")["Location"].startswith("/login/")
    browser.force_login(bob)
    assert browser.get(PAGE).status_code == 200


def test_the_same_role_again_ends_no_session(owner, bob):
    browser = Browser()
    browser.force_login(bob)

    answer = give(owner, bob, "auditor")

    assert browser.get("/").status_code == 200
    assert "уже есть" in words(owner.get(answer.url))


def test_a_changed_role_is_written(owner, bob):
    give(owner, bob, "operator")

    event = only_event(Kind.MEMBER_CHANGED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.target, event.details) == ("bob", {"before": "auditor", "after": "operator"})


def test_the_same_role_again_is_no_change(owner, alice, bob):
    give(owner, bob, "auditor")
    give(owner, alice, "owner")

    assert not events(Kind.MEMBER_CHANGED)


@pytest.mark.parametrize("role", ["", "king", "administrator"])
def test_a_role_that_there_is_not_is_given_to_nobody(owner, bob, role):
    assert give(owner, bob, role).status_code == 400
    assert role_of(bob) == Role.AUDITOR


def test_a_role_that_is_not_written_down_is_not_changed(owner, bob, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.members.members.record_event", fail)
    owner.raise_request_exception = False

    assert give(owner, bob, "operator").status_code == 500
    assert role_of(bob) == Role.AUDITOR


def test_an_owner_who_gives_up_his_role_is_led_to_a_page_that_he_may_see(owner, alice, olga):
    assertRedirects(give(owner, alice, "auditor"), "/")

    assert role_of(alice) == Role.AUDITOR


def test_self_demotion_keeps_only_the_present_session(owner, alice, olga):
    elsewhere = Browser()
    elsewhere.force_login(alice)
    before = owner.session.session_key

    give(owner, alice, "auditor")

    assert owner.get("/").status_code == 200
    assert owner.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert elsewhere.get("/")["Location"].startswith("/login/")


# Removal


def test_removed_member_cannot_return(owner, bob):
    browser = Browser()
    browser.force_login(bob)

    assertRedirects(remove(owner, bob), PAGE)

    assert browser.get("/").status_code == 302
    Browser().post("/login/", {"login": "bob", "password": PASSWORD})
    assert not is_member(bob)
    with worker():
        gone = User.objects.get(pk=bob.pk)
    assert (gone.is_active, gone.has_usable_password()) == (False, False)


def test_reactivated_user_has_no_old_sessions(owner, bob):
    browser = Browser()
    browser.force_login(bob)
    remove(owner, bob)

    with worker():
        User.objects.filter(pk=bob.pk).update(is_active=True)

    assert browser.get("/").headers["Location"].startswith("/login/")


def test_a_removal_is_written(owner, bob):
    remove(owner, bob)

    event = only_event(Kind.MEMBER_REMOVED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.target, event.details) == ("bob", {"role": "auditor"})


def test_a_member_is_removed_once(owner, bob):
    place = address(bob, "remove/")
    owner.post(place)

    assert owner.post(place).status_code == 404
    assert only_event(Kind.MEMBER_REMOVED)


def test_an_owner_may_leave_where_there_is_another(owner, alice, olga):
    remove(owner, alice)

    assert not is_member(alice)
    assert owner.get("/").headers["Location"].startswith("/login/")


# The last owner


@pytest.mark.parametrize("leave", [remove, lambda browser, user: give(browser, user, "operator")])
def test_the_last_owner_stays_and_is_told_why(owner, alice, bob, leave):
    response = leave(owner, alice)

    assert response.status_code == 409
    assert "Это последний владелец" in words(response)
    assert role_of(alice) == Role.OWNER
    assert not events(Kind.MEMBER_CHANGED) and not events(Kind.MEMBER_REMOVED)


def test_an_owner_who_is_switched_off_is_none(owner, alice, olga):
    with worker():
        User.objects.filter(pk=olga.pk).update(is_active=False)

    assert remove(owner, alice).status_code == 409


def test_last_owner_is_offered_no_change(owner, alice, bob):
    closed = owner.get(address(alice))
    make_member("olga", client=alice.client)
    open_ = owner.get(address(alice))

    disabled = re.compile(r"<(?:select|button)[^>]*\bdisabled\b")
    assert len(disabled.findall(closed.text)) == 3
    assert "Это последний владелец" in words(closed)
    assert not disabled.search(open_.text) and "Это последний владелец" not in words(open_)
    assert not disabled.search(owner.get(address(bob)).text)


def test_owners_of_another_client_do_not_count(owner, alice, charlie):
    assert give(owner, alice, "auditor").status_code == 409


def test_former_owner_changes_nobody(alice, olga, bob):
    """Demoted since his request began: what it says of him is looked up again, under the lock."""
    stale = member_of(olga)
    with worker():
        Membership.unscoped.filter(pk=stale.pk).update(role=Role.OPERATOR)

    with seeing(alice), pytest.raises(PermissionDenied), transaction.atomic():
        members.remove_member(member_of(bob), owner=stale, by=Actor("olga"))


def at_the_same_time(*acts):
    """Return what each raised, or None; each has a connection of its own, as web."""
    begin = threading.Barrier(len(acts))

    def run(client_id, act):
        try:
            with transaction.atomic():
                set_tenant(client_id)
                begin.wait()
                act()
        except (LastOwner, PermissionDenied, Membership.DoesNotExist) as error:
            return type(error)
        return None

    return at_once(*[partial(run, *act) for act in acts])


transactional = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@transactional
@pytest.mark.parametrize("round_", range(5))
def test_of_two_owners_who_leave_at_the_same_time_one_stays(alice, olga, round_):
    hers, olgas = member_of(alice), member_of(olga)

    ends = at_the_same_time(
        (alice.client.pk, lambda: members.remove_member(hers, owner=hers, by=Actor("alice"))),
        (alice.client.pk, lambda: members.remove_member(olgas, owner=olgas, by=Actor("olga"))),
    )

    assert set(ends) == {None, LastOwner}
    assert is_member(alice) != is_member(olga)


@transactional
@pytest.mark.parametrize("round_", range(5))
def test_of_two_owners_who_demote_each_other_one_stays(alice, olga, round_):
    hers, olgas = member_of(alice), member_of(olga)

    def demote(member, owner):
        members.change_role(member, Role.AUDITOR, owner=owner, by=Actor(owner.user.username))

    ends = at_the_same_time(
        (alice.client.pk, lambda: demote(olgas, hers)),
        (alice.client.pk, lambda: demote(hers, olgas)),
    )

    assert set(ends) == {None, PermissionDenied}
    assert {role_of(alice), role_of(olga)} == {Role.OWNER, Role.AUDITOR}


def test_removing_an_owner_mentions_api_keys(owner, alice, bob):
    olga = make_member("olga", client=alice.client)

    assert "API-ключи клиента продолжат работать" in words(owner.get(address(olga)))
    assert "API-ключи клиента" not in words(owner.get(address(bob)))


# Whose


@pytest.mark.parametrize("act", ["", "role/", "remove/"])
def test_a_strangers_member_does_not_exist(owner, charlie, nets, act):
    place = address(charlie, act)

    assert owner.post(place, {"role": "auditor"}).status_code == (404 if act else 405)
    assert owner.get(place).status_code == (405 if act else 404)
    assert role_of(charlie) == Role.OWNER


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_only_owners_change_members(client, alice, bob, role):
    client.force_login(make_member("eve", client=alice.client, role=role))

    answers = [
        client.get(PAGE),
        client.post(PAGE, {"role": "owner"}),
        client.get(address(bob)),
        give(client, bob, "owner"),
        remove(client, bob),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert role_of(bob) == Role.AUDITOR
    assert not events(Kind.MEMBER_INVITED)


# Only by who proved lately who he is


@pytest.mark.parametrize(
    ("asked", "page"),
    [("", ""), ("{pk}/", "{pk}/"), ("{pk}/role/", "{pk}/"), ("{pk}/remove/", "{pk}/")],
)
def test_member_changes_require_reauthentication(owner, alice, bob, asked, page):
    owner.prove_long_ago(alice)
    pk = member_of(bob).pk

    response = owner.post(PAGE + asked.format(pk=pk), {"role": "owner"})

    assert response["Location"] == f"/security/confirm/?next={PAGE}{page.format(pk=pk)}"
    assert role_of(bob) == Role.AUDITOR
    assert not events(Kind.MEMBER_INVITED)


def test_reauthentication_says_that_nothing_was_done(owner, alice, bob):
    owner.prove_long_ago(alice)
    place = address(bob)
    asked = give(owner, bob, "operator")["Location"]

    response = owner.post(asked, {"password": PASSWORD, "next": place}, follow=True)

    assertRedirects(response, place)
    assert "Ничего не сделано" in words(response)


def test_role_is_checked_before_reauthentication(client, bob):
    client.force_login(bob)
    client.prove_long_ago(bob)

    assert client.get(PAGE).status_code == 403


# Links of an owner who goes


@pytest.mark.parametrize("act", [remove, lambda owner, user: give(owner, user, Role.OPERATOR)])
def test_links_end_with_the_owner_who_may_have_made_them(owner, alice, olga, act):
    with seeing(alice):
        token = members.invite(alice.client, role=Role.OWNER, by=Actor("olga"))

    act(owner, olga)

    assert Browser().get(f"/invitation/{token}/").status_code == 404
    assert event_summary(only_event(Kind.INVITATION_REVOKED))[0] == "alice"


def test_links_stay_when_somebody_goes_who_can_make_none(owner, alice, bob):
    with seeing(alice):
        token = members.invite(alice.client, role=Role.OWNER, by=Actor("alice"))

    remove(owner, bob)

    assert Browser().get(f"/invitation/{token}/").status_code == 200


def test_an_owner_who_is_just_removed_makes_no_link(owner, alice, olga, monkeypatch):
    """She waits until the other has removed her, and then is no owner any more."""
    locking = members.lock_members

    def lock(client):
        Membership.unscoped.filter(user=alice).delete()
        return locking(client)

    monkeypatch.setattr(members, "lock_members", lock)
    response = owner.post(PAGE, {"role": Role.OWNER})

    assert response.status_code == 403
    assert not events(Kind.MEMBER_INVITED)


def test_member_removed_meanwhile_is_not_changed(owner, alice, bob, monkeypatch):
    locking = members.lock_members

    def lock(client):
        Membership.unscoped.filter(user=bob).delete()
        return locking(client)

    monkeypatch.setattr(members, "lock_members", lock)
    response = give(owner, bob, "operator")

    assert response.status_code == 404
    assert not events(Kind.MEMBER_CHANGED)
