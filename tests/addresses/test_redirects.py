from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import create_api_key
from accounts.members.members import invite
from accounts.models import ApiKey, Invitation
from accounts.sessions import open_sessions
from audit.models import AuditEvent
from audit.record import Actor
from tests.addresses.test_addresses import ACCESS, CHANGES, LOOKING, ONLY_CHANGES, SIGN_OUT
from tests.addresses.test_methods import OTHER_CHANGES
from tests.support.factories import (
    PASSWORD,
    make_import_file,
    make_job,
    make_member,
    make_transaction,
    worker,
)
from tests.support.second_factors import code_of, new_password, set_up_app, sign_in
from tests.support.visitors import Browser, look_at

pytestmark = pytest.mark.django_db

NEW = "another-horse-another-battery"
JOINS = {"login": "newcomer", "password": PASSWORD, "repeated": PASSWORD}


def key(browser, alice):
    with worker():
        create_api_key(alice.client, name="shop", by=Actor("test"))
        return ApiKey.unscoped.get().pk


def invitation(browser, alice):
    with worker():
        invite(alice.client, role="auditor", by=Actor("test"))
        return Invitation.unscoped.get().pk


def token(browser, alice):
    with worker():
        return invite(alice.client, role="auditor", by=Actor("test"))


def member(browser, alice):
    return make_member("eve", client=alice.client).membership.pk


def other_session(browser, alice):
    sign_in(Browser(), "alice")
    return open_sessions(alice).exclude(session_key=browser.session.session_key).get().name


def transaction(browser, alice):
    return make_transaction(alice).pk


def job(browser, alice):
    return make_job(alice).pk


def import_file(browser, alice):
    header = "payment_system,currency,amount,as_of\n"
    return make_import_file(alice, text=f"{header}upi_l,INR,1,2026-11-24T10:00:00Z\n").pk


def nothing(browser, alice):
    return ""


def new_app(browser, alice):
    return browser.get("/security/app/").context["form"].secret


def app(browser, alice):
    set_up_app(browser)
    return alice.authenticator_set.exclude(type="recovery_codes").get().pk


# Route of the address → what has to be there first, and what is sent; `{}` stands for the first.
CASES = {
    "payments/transactions/<int:pk>/notes/": (
        transaction,
        {"text": "Seen", "form_key": str(UUID(int=1))},
    ),
    "imports/": (
        nothing,
        {"content": "balances", "file": SimpleUploadedFile("rows.csv", b"amount\n1\n")},
    ),
    "imports/<int:pk>/": (
        import_file,
        {name: name for name in ("payment_system", "currency", "amount", "as_of")}
        | {"amounts": "plain", "times": "iso"},
    ),
    "jobs/<int:pk>/cancel/": (job, {}),
    "keys/": (nothing, {"name": "shop", "scopes": ["balance"]}),
    "keys/<int:pk>/revoke/": (key, {}),
    "members/": (nothing, {"role": "auditor"}),
    "members/<int:pk>/role/": (member, {"role": "auditor"}),
    "members/<int:pk>/remove/": (member, {}),
    "members/invitations/<int:pk>/revoke/": (invitation, {}),
    "invitation/<str:token>/": (token, JOINS),
    "preferences/": (nothing, {"theme": "dark"}),
    "logout/": (nothing, {}),
    "security/password/": (nothing, new_password(NEW)),
    "security/app/": (new_app, {"code": None}),
    "security/factors/<int:pk>/remove/": (app, {}),
    "security/recovery-codes/new/": (app, {}),
    "security/sessions/end-others/": (other_session, {}),
    "security/sessions/<str:name>/end/": (other_session, {}),
    "security/confirm/": (nothing, {"password": PASSWORD}),
    "views/": (nothing, {"list": "audit", "name": "Mine", "query": ""}),
}
ELSEWHERE = {"looking/end/", "login/"}


def test_every_change_of_a_page_is_asked_here():
    changes = CHANGES | (ACCESS & CHANGES) | ONLY_CHANGES | OTHER_CHANGES | LOOKING | SIGN_OUT

    assert changes <= CASES.keys() | ELSEWHERE


@pytest.mark.parametrize("route", CASES)
def test_what_a_post_has_done_is_answered_by_a_redirect(client, alice, route):
    sign_in(client, "alice")
    prepare, fields = CASES[route]
    made = prepare(client, alice)
    if fields == {"code": None}:
        fields = {"code": code_of(made)}
    address = "/" + "".join(str(made) if part.startswith("<") else part for part in parts_of(route))

    response = client.post(address, fields)

    assert response.status_code == 302
    assert client.get(response["Location"], follow=True).status_code == 200


def parts_of(route):
    return route.replace("<", "\0<").replace(">", ">\0").split("\0")


def test_sign_in_and_the_end_of_looking_are_answered_by_a_redirect(client, dora, alice):
    assert sign_in(Browser(), "alice").status_code == 302
    client.force_login(dora)
    assert look_at(client, alice.client).status_code == 302
    assert client.post("/looking/end/").status_code == 302


def test_reloading_after_a_change_writes_no_second_event(client, alice):
    sign_in(client, "alice")
    page = client.post("/keys/", {"name": "shop", "scopes": ["balance"]}, follow=True)
    with worker():
        before = AuditEvent.unscoped.count()

    client.get(page.redirect_chain[-1][0])

    with worker():
        assert AuditEvent.unscoped.count() == before
