import re
import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from time_machine import travel

from accounts.members import members
from accounts.members.members import InvitationGone
from accounts.models import Invitation, Membership, User
from accounts.roles import Role
from audit.kinds import Kind, Result
from audit.record import Actor
from clients.models import Client
from tests.conftest import NOON
from tests.support.database.at_once import at_once
from tests.support.events import event_summary, events, only_event
from tests.support.factories import PASSWORD, make_member, worker
from tests.support.pages import words
from tests.support.visitors import Browser
from workspace.members import views

pytestmark = pytest.mark.django_db

PAGE = "/members/"
LINK = re.compile(r"http://testserver(/invitation/[\w-]{43}/)")
WELCOME = "/login/?joined=yes"
JOINS = {"login": "newcomer", "password": PASSWORD, "repeated": PASSWORD}


@pytest.fixture
def owner(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def link(owner):
    return invite(owner)


@pytest.fixture
def visitor():
    return Browser()


def invite(browser, role="operator"):
    [path] = set(LINK.findall(browser.post(PAGE, {"role": role}, follow=True).content.decode()))
    return path


def only_invitation():
    with worker():
        return Invitation.unscoped.get()


def revoke():
    return f"/members/invitations/{only_invitation().pk}/revoke/"


def newcomers():
    with worker():
        return list(
            Membership.unscoped.filter(user__username__startswith="newcomer").values_list(
                "client__slug", "role"
            )
        )


# Made


def test_a_link_is_shown_once_and_never_again(owner, link):
    assertNotContains(owner.get(PAGE), link)


def test_reloading_the_page_of_a_new_link_makes_no_second_one(owner):
    response = owner.post(PAGE, {"role": "operator"})

    assertRedirects(response, PAGE, fetch_redirect_response=False)
    assert LINK.search(owner.get(PAGE).content.decode())
    assert not LINK.search(owner.get(PAGE).content.decode())
    assert only_invitation().used_at is None


def test_a_link_is_stored_as_a_digest_only(link):
    token = link.split("/")[2]
    invitation = only_invitation()

    assert token not in map(str, vars(invitation).values())
    assert len(invitation.sha256) == 64


def test_nobody_is_told_a_link_by_the_files_of_its_page(visitor, link):
    answers = visitor.get(link), visitor.post(link, {}), visitor.get("/invitation/none/")

    assert {answer.headers["Referrer-Policy"] for answer in answers} == {"strict-origin"}


def test_an_invitation_is_written(link):
    event = only_event(Kind.MEMBER_INVITED)

    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.target, event.details) == (str(only_invitation()), {"role": "operator"})


def test_invitations_that_can_be_used_are_listed(owner, link, charlie):
    browser = Browser()
    browser.force_login(charlie)
    invite(browser)

    shown = owner.get(PAGE)

    assert [invitation.client_id for invitation in shown.context["invitations"]] == [
        owner.get("/").wsgi_request.client.pk
    ]
    assert "01.12.2026 17:30:0" in words(shown)


def test_a_role_that_there_is_not_is_offered_to_nobody(owner):
    response = owner.post(PAGE, {"role": "king"})

    assert list(response.context["form"].errors) == ["role"]
    with worker():
        assert not Invitation.unscoped.exists()


def test_a_client_has_so_many_members_and_no_more(owner, link, monkeypatch):
    monkeypatch.setattr(views, "MAX_MEMBERS", 2)

    assert "Участников и приглашений уже 2." in words(owner.post(PAGE, {"role": "auditor"}))
    owner.post(revoke())

    assert invite(owner)


def test_revoking_requires_reauthentication(owner, alice, link):
    owner.prove_long_ago(alice)

    assert owner.post(revoke())["Location"] == f"/security/confirm/?next={PAGE}"
    assert only_invitation().revoked_at is None


# Used


def test_who_opens_a_link_needs_no_sign_in_and_sees_where_he_is_invited(visitor, link):
    assert "Вас приглашают в Alpha. Ваша роль: Оператор." in words(visitor.get(link))


def test_a_newcomer_signs_in_and_is_what_he_was_invited_as(visitor, link):
    assertContains(visitor.post(link, JOINS, follow=True), "Вы теперь участник.")

    visitor.post("/login/", {"login": "newcomer", "password": PASSWORD})

    assert visitor.get("/wallets/balance/").status_code == 200
    assert newcomers() == [("alpha", "operator")]


def test_joining_is_written_with_who_and_where_from(visitor, link):
    visitor.post(link, JOINS)

    event = only_event(Kind.MEMBER_JOINED)
    assert event_summary(event) == ("newcomer", "Alpha", Result.OK)
    assert event.target == str(only_invitation())
    assert (event.details, event.address) == ({"role": "operator"}, "127.0.0.1")


def test_a_member_of_another_client_makes_a_new_account_and_stays_where_he_is(
    visitor, link, charlie
):
    visitor.force_login(charlie)

    assert "Учётная запись «newcomer» готова." in words(visitor.post(link, JOINS, follow=True))

    assert newcomers() == [("alpha", "operator")]
    with worker():
        assert Membership.unscoped.get(user=charlie).client_id == charlie.client.pk
    assert visitor.get("/").wsgi_request.client == charlie.client


def test_opening_a_link_does_not_use_it(visitor, link):
    for _time in range(2):
        visitor.get(link)
        visitor.head(link)

    assertRedirects(visitor.post(link, JOINS), WELCOME, fetch_redirect_response=False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"login": ""}, "login"),
        ({"login": "a b"}, "login"),
        ({"login": "a\0"}, "login"),
        ({"login": "ALICE"}, "login"),
        ({"login": "x" * 151}, "login"),
        ({"login": "nеwcomer"}, "login"),  # one letter is Cyrillic
        ({"login": "create_api_key"}, "login"),
        ({"password": "short", "repeated": "short"}, "password"),
        ({"password": "newcomer-newcomer", "repeated": "newcomer-newcomer"}, "password"),
        ({"password": "password1234", "repeated": "password1234"}, "password"),
        ({"repeated": f"{PASSWORD}?"}, "repeated"),
        ({"repeated": ""}, "repeated"),
    ],
)
def test_a_wrong_value_says_so_at_its_field_and_uses_no_link(visitor, link, wrong, field):
    if field == "password" and wrong["password"].startswith("newcomer"):
        wrong = wrong | {"login": "newcomer-newcomer"}

    response = visitor.post(link, JOINS | wrong)

    assert list(response.context["form"].errors) == [field]
    assert newcomers() == []
    assertRedirects(visitor.post(link, JOINS), WELCOME, fetch_redirect_response=False)


def test_a_login_that_is_taken_meanwhile_is_told_at_its_field(visitor, link, monkeypatch):
    real, looked_up = members.build_user, iter([User(username="Alice")])
    monkeypatch.setattr(
        members, "build_user", lambda *args, **kw: next(looked_up, None) or real(*args, **kw)
    )

    response = visitor.post(link, JOINS | {"login": "Alice"})

    assert list(response.context["form"].errors) == ["login"]
    assertRedirects(visitor.post(link, JOINS), WELCOME, fetch_redirect_response=False)


# Gone


GONE = {
    "used": {"used_at": NOON},
    "revoked": {"revoked_at": NOON},
    "expired": {"expires_at": NOON},
}


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
def test_links_that_do_not_work_answer_as_unknown_ones_do(visitor, link, change):
    with worker():
        Invitation.unscoped.update(**change)

    for ask in (visitor.get, visitor.post):
        gone, unknown = ask(link, JOINS), ask("/invitation/no-such-link/", JOINS)
        assert gone.status_code == unknown.status_code == 404
        assert gone.content == unknown.content
        assert "Эта ссылка не действует" in words(gone)
    assert newcomers() == []


def test_a_link_works_for_seven_days(visitor, link):
    with travel(NOON + timedelta(days=6, hours=23)):
        assert visitor.get(link).status_code == 200

    with travel(NOON + timedelta(days=7, minutes=5)):
        assert visitor.post(link, JOINS).status_code == 404


def test_the_link_of_a_client_who_is_switched_off_does_not_work(visitor, link):
    with worker():
        Client.objects.update(is_active=False)

    assert visitor.post(link, JOINS).status_code == 404


def test_a_link_works_once(visitor, link):
    visitor.post(link, JOINS)

    assert visitor.post(link, JOINS | {"login": "newcomer-2"}).status_code == 404
    assert len(newcomers()) == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("round_", range(5))
def test_two_who_use_one_link_at_the_same_time_make_one_account(alice, round_):
    with worker():
        token = members.invite(alice.client, role=Role.OPERATOR, by=Actor("alice"))
    begin = threading.Barrier(2)

    def join(login):
        try:
            with transaction.atomic():
                invitation = members.open_invitation(token)
                begin.wait()
                members.join(invitation, login=login, password=PASSWORD, address=None)
        except InvitationGone:
            return "gone"
        return "joined"

    ends = at_once(partial(join, "newcomer-0"), partial(join, "newcomer-1"))

    assert sorted(ends) == ["gone", "joined"]
    assert len(newcomers()) == 1
    with worker():
        assert User.objects.filter(username__startswith="newcomer").count() == 1


# Revoked


def test_a_revoked_link_does_not_work(owner, visitor, link):
    assertRedirects(owner.post(revoke()), PAGE)

    assert visitor.post(link, JOINS).status_code == 404
    event = only_event(Kind.INVITATION_REVOKED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert event.target == str(only_invitation())


def test_used_invitation_is_not_revoked(owner, visitor, link):
    visitor.post(link, JOINS)

    page = words(owner.post(revoke(), follow=True))

    assert "уже было использовано" in page and "Приглашение отозвано" not in page
    assert only_invitation().revoked_at is None
    assert not events(Kind.INVITATION_REVOKED)


def test_a_strangers_invitation_does_not_exist(owner, visitor, link, charlie, nets):
    owner.force_login(charlie)

    assert owner.post(revoke()).status_code == 404

    assertRedirects(visitor.post(link, JOINS), WELCOME, fetch_redirect_response=False)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_only_owners_revoke_invitations(visitor, link, alice, role):
    visitor.force_login(make_member("eve", client=alice.client, role=role))

    assert visitor.post(revoke()).status_code == 403

    assert only_invitation().revoked_at is None
