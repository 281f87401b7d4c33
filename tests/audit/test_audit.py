import json
import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_api_key
from accounts.models import ApiKey, Membership, User
from accounts.roles import Role
from accounts.sign_in.attempts import record_attempt
from audit.kinds import ActorKind, Kind, Result
from audit.models import AuditEvent
from audit.record import ONCE_A_MINUTE, Actor, record_event
from backoffice.admin import ClientAdmin
from backoffice.site import back_office
from clients.models import Client
from paykassma_admin.exports import csv
from tests.conftest import NOON
from tests.support.back_office import operator_form
from tests.support.events import event_summary, events, only_event
from tests.support.factories import (
    PASSWORD,
    make_member,
    make_payment_system,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from tests.support.pages import words
from wallets import views
from wallets.models import Wallet
from workspace.audit_log.words import details_in_words

pytestmark = pytest.mark.django_db

BALANCE = "/api/v1/wallets/balance"
HERE = "127.0.0.1"


def sign_in(client, login, password=PASSWORD, **more):
    return client.post("/login/", {"login": login, "password": password}, **more)


@pytest.fixture
def oleg(alice):
    return make_member("oleg", client=alice.client, role=Role.OPERATOR)


@pytest.fixture
def key(alice):
    with worker():
        return create_api_key(alice.client, name="shop", by=Actor("test"))


@pytest.fixture
def office(client, dora):
    client.force_login(dora)
    return client


def ask(client, key, wallet_type="upi_l"):
    return client.post(
        BALANCE,
        json.dumps({"wallet_type": wallet_type}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


# Signing in and out


def test_a_sign_in_is_written_with_who_when_and_where_from(client, alice):
    sign_in(client, "Alice")

    event = only_event(Kind.SIGN_IN)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.client_id, event.address) == (alice.client.pk, HERE)
    assert event.at.replace(second=0, microsecond=0) == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_an_administrators_sign_in_is_of_no_client(client, dora):
    sign_in(client, "dora")

    assert event_summary(only_event(Kind.SIGN_IN)) == ("dora", "", Result.OK)


def test_a_wrong_password_is_seen_by_the_client_whose_user_was_named(client, alice, charlie):
    sign_in(client, "ALICE", "wrong")

    event = only_event(Kind.SIGN_IN)
    assert event_summary(event) == ("alice", "Alpha", Result.FAILED)
    assert (event.address, event.target, event.details) == (HERE, "", {"factor": "password"})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("nobody", "nobody"), ("a\0b\nc", "a�b�c"), ("x" * 10_000, "x" * 149 + "…")],
)
def test_an_unknown_name_is_written_cut_and_of_no_client(client, alice, typed, kept):
    sign_in(client, typed)

    assert event_summary(only_event(Kind.SIGN_IN)) == (kept, "", Result.FAILED)


def test_an_empty_form_is_no_attempt(client, alice):
    sign_in(client, "alice", "")

    assert not events(Kind.SIGN_IN)


def test_what_an_attempt_asks_of_the_database_does_not_tell_who_exists(rf, alice):
    def queries_of(login):
        request = rf.post("/login/", {"login": login})
        with CaptureQueriesContext(connection) as queries:
            record_attempt(request, Result.FAILED)
        return [re.sub(r"'[^']*'|\d+|NULL", "?", query["sql"]) for query in queries]

    assert queries_of("nobody") == queries_of("alice")


def test_after_an_attempt_nothing_of_the_named_client_is_seen(rf, alice):
    with transaction.atomic():
        record_attempt(rf.post("/login/", {"login": "alice"}), Result.FAILED)

        assert not Wallet.unscoped.exists()


def test_a_lock_out_is_a_refusal(client, alice):
    for _attempt in range(5):
        sign_in(client, "alice", "wrong")

    assert sign_in(client, "alice").status_code == 429
    results = [event.result for event in events(Kind.SIGN_IN)]
    assert results == [Result.FAILED] * 5 + [Result.REFUSED]


def test_a_network_that_asks_too_often_does_not_fill_the_log(client, alice):
    for attempt in range(40):
        response = client.post("/login/", {"login": f"user-{attempt}", "password": ""})

    assert response.status_code == 429
    assert only_event(Kind.SIGN_IN).result == Result.REFUSED


def test_who_is_signed_in_and_asks_too_often_at_sign_in_is_refused_and_written(client, alice):
    client.force_login(alice)
    for attempt in range(40):
        response = client.post("/login/", {"login": f"user-{attempt}", "password": ""})

    assert response.status_code == 429
    assert event_summary(only_event(Kind.REFUSAL)) == ("alice", "Alpha", Result.REFUSED)


def test_signing_out_is_written_once(client, alice):
    client.force_login(alice)

    client.post("/logout/")
    client.post("/logout/")

    assert event_summary(only_event(Kind.SIGN_OUT)) == ("alice", "Alpha", Result.OK)


@pytest.mark.parametrize(("proxies", "believed"), [(0, HERE), (1, "203.0.113.9")])
def test_an_address_is_believed_as_far_as_the_proxy_is_trusted(
    client, alice, settings, proxies, believed
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    sign_in(client, "alice", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})

    assert only_event(Kind.SIGN_IN).address == believed


def test_an_address_that_is_none_is_left_out(client, alice):
    client.force_login(alice)
    client.get("/audit/export.csv", REMOTE_ADDR="").getvalue()

    assert only_event(Kind.EXPORT).address is None


# Exports


@pytest.mark.parametrize(
    "address",
    [
        "/payments/transactions/export.csv",
        "/payments/accumulations/export.csv",
        "/audit/export.csv",
    ],
)
def test_an_export_is_written_with_its_period(client, alice, address):
    client.force_login(alice)

    client.get(address, {"date_from": ""}).getvalue()

    event = only_event(Kind.EXPORT)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.target, event.details) == (address, {"date_to": "2026-11-24"})


def test_an_export_tells_its_filters_and_leaves_out_the_payers_name(client, alice):
    make_transaction(alice, "T1", label="user-7", counterparty="Asha Rao")
    client.force_login(alice)
    conditions = {"counterparty": "Asha", "type": ["real", "forced"], "label": "user-7"}

    client.get("/payments/transactions/export.csv", conditions).getvalue()

    assert only_event(Kind.EXPORT).details == {
        "counterparty": "…",
        "type": "real,forced",
        "label": "user-7",
        "date_from": "2026-11-17",
        "date_to": "2026-11-24",
    }


@pytest.mark.parametrize("method", ["head", "options"])
def test_what_sends_no_row_is_no_export(client, alice, method):
    client.force_login(alice)

    getattr(client, method)("/payments/transactions/export.csv")

    assert not events(Kind.EXPORT)


def test_an_export_for_which_there_is_no_room_is_refused_after_it_was_begun(client, alice):
    client.force_login(alice)
    with ExitStack() as taken:
        for _export in range(csv.MAX_EXPORTS):
            taken.enter_context(csv.limiter.turn("exports", at_once=csv.MAX_EXPORTS))
        assert client.get("/payments/transactions/export.csv").status_code == 503

    assert [event.result for event in events(Kind.EXPORT)] == [Result.OK, Result.REFUSED]


# Balance requests


@pytest.mark.parametrize(
    ("wallet_type", "result", "state"),
    [("upi_l", Result.OK, "active"), ("nope", Result.FAILED, "unknown")],
)
def test_a_balance_request_is_written_with_its_type_and_result(
    client, oleg, key, wallet_type, result, state
):
    client.force_login(oleg)

    client.get("/wallets/balance/", {"wallet_type": wallet_type})
    ask(client, key, wallet_type)

    page, api = events(Kind.BALANCE_REQUEST)
    assert event_summary(page) == ("oleg", "Alpha", result)
    assert event_summary(api) == (f"key {key[:12]}", "Alpha", result)
    assert page.details == {"wallet": state} | ONCE_A_MINUTE
    assert api.details == {"wallet": state}
    assert {(event.target, event.address) for event in (page, api)} == {(wallet_type, HERE)}


def test_page_that_is_reloaded_is_written_once_a_minute(client, oleg):
    client.force_login(oleg)

    for after, wallet_type in [(0, "upi_l"), (20, "upi_l"), (40, "other"), (61, "upi_l")]:
        with time_machine.travel(NOON + timedelta(seconds=after)):
            client.get("/wallets/balance/", {"wallet_type": wallet_type})

    asked = [event.target for event in events(Kind.BALANCE_REQUEST)]
    assert asked == ["upi_l", "other", "upi_l"]


def test_requests_by_key_are_each_written(client, key):
    ask(client, key, "upi_l")
    ask(client, key, "upi_l")

    assert len(events(Kind.BALANCE_REQUEST)) == 2


def test_ambiguous_type_is_written_with_the_codes_that_it_fits(client, alice, key):
    for code in ("wave_a", "wave_b"):
        make_payment_system(code, name="Wave Pay")
        make_wallet(alice.client, payment_system=code)

    ask(client, key, "wave pay")

    event = only_event(Kind.BALANCE_REQUEST)
    assert (event.target, event.result) == ("wave pay", Result.FAILED)
    assert details_in_words(event) == (
        "Кошелёк: название подходит нескольким типам · Коды: wave_a, wave_b"
    )


# Refusals


@pytest.mark.parametrize("body", ["{}", "no JSON"])
def test_body_that_a_key_sends_in_vain_is_written(client, key, body):
    headers = {"Authorization": f"Bearer {key}"}
    client.post("/api/v1/wallets/balance", body, content_type="application/json", headers=headers)

    event = only_event(Kind.REFUSAL)
    assert event_summary(event) == (f"key {key[:12]}", "Alpha", Result.REFUSED)
    assert event.details == {"method": "POST", "status": 400} | ONCE_A_MINUTE


def test_form_that_is_refused_as_mistyped_is_not_written(client, oleg):
    client.force_login(oleg)

    client.get("/wallets/balance/", {"wallet_type": ""})
    client.get("/payments/transactions/?page=x")

    assert not events(Kind.REFUSAL)


def test_a_refused_page_is_written_without_its_parameters(client, bob):
    client.force_login(bob)

    client.get("/wallets/balance/?wallet_type=Asha+Rao")

    event = only_event(Kind.REFUSAL)
    assert event_summary(event) == ("bob", "Alpha", Result.REFUSED)
    assert (event.target, event.details) == (
        "/wallets/balance/",
        {"method": "GET", "status": 403} | ONCE_A_MINUTE,
    )


def test_a_member_at_the_back_office_is_written(client, alice):
    client.force_login(alice)

    client.get("/admin/", follow=True)

    assert event_summary(only_event(Kind.REFUSAL)) == ("alice", "Alpha", Result.REFUSED)


def test_an_administrator_who_may_not_is_written(office, alice):
    office.post(f"/admin/clients/client/{alice.client.pk}/delete/")

    assert event_summary(only_event(Kind.REFUSAL)) == ("dora", "", Result.REFUSED)


@pytest.mark.parametrize(
    ("change", "status"),
    [({"revoked_at": datetime(2026, 11, 1, tzinfo=UTC)}, 401), ({"scopes": []}, 403)],
)
def test_a_known_key_that_is_refused_is_written_once_a_minute(client, alice, key, change, status):
    with worker():
        ApiKey.unscoped.update(**change)

    for _attempt in range(3):
        assert ask(client, key).status_code == status

    event = only_event(Kind.REFUSAL)
    assert event_summary(event) == (f"key {key[:12]}", "Alpha", Result.REFUSED)
    assert (event.target, event.details) == (
        BALANCE,
        {"method": "POST", "status": status} | ONCE_A_MINUTE,
    )


def test_an_unknown_key_writes_nothing(client, alice):
    assert ask(client, "pk_of_nobody").status_code == 401

    assert not events(Kind.REFUSAL)


def test_a_visitor_who_is_sent_to_sign_in_writes_nothing(client):
    client.get("/audit/")

    assert not events(Kind.REFUSAL)


# The act and its event, both or neither


def test_a_refusal_stays_though_its_act_is_rolled_back(client, alice, monkeypatch):
    def refused_in_the_middle(*args, **kwargs):
        with transaction.atomic():
            record_event(Kind.BALANCE_REQUEST, by=Actor("alice"), client=alice.client)
            raise PermissionDenied

    monkeypatch.setattr(views, "request_balance", refused_in_the_middle)
    client.force_login(alice)

    client.get("/wallets/balance/?wallet_type=upi_l")

    assert only_event(Kind.REFUSAL).target == "/wallets/balance/"
    assert not events(Kind.BALANCE_REQUEST)


def test_an_act_that_fails_leaves_no_event_of_success(alice, monkeypatch):
    browser = Browser(raise_request_exception=False)
    browser.force_login(alice)

    def fail(*args, **kwargs):
        raise RuntimeError("after the act")

    monkeypatch.setattr(views.BalanceRequestView, "render_to_response", fail)

    assert browser.get("/wallets/balance/?wallet_type=upi_l").status_code == 500
    assert not events(Kind.BALANCE_REQUEST)


# The back office


@pytest.fixture
def membership_form(alice):
    membership = Membership.unscoped.filter(user=alice)
    with worker():
        pk = membership.get().pk
    return {
        "membership-TOTAL_FORMS": "1",
        "membership-INITIAL_FORMS": "1",
        "membership-0-id": pk,
        "membership-0-user": alice.pk,
        "membership-0-client": alice.client.pk,
        "membership-0-role": "auditor",
    }


MEMBERS = (Kind.MEMBER_JOINED, Kind.MEMBER_CHANGED, Kind.MEMBER_REMOVED)


def member_events():
    found = [event for kind in MEMBERS for event in events(kind)]
    assert {event_summary(event) for event in found} == {("dora", "Alpha", Result.OK)}
    assert not [e for kind in (Kind.ADDED, Kind.CHANGED, Kind.DELETED) for e in events(kind)]
    return [(event.kind, event.target, event.details) for event in found]


def send_on_clients_page(office, member, **change):
    row = {"id": member.pk, "user": member.user_id, "role": member.role} | change
    sent = {f"membership_set-0-{name}": value for name, value in row.items()}
    alpha = {"name": "Alpha", "slug": "alpha", "time_zone": "Asia/Kolkata", "is_active": "on"}
    alpha |= {"second_factor_required": "on"} if member.client.second_factor_required else {}
    counts = {"membership_set-TOTAL_FORMS": 1, "membership_set-INITIAL_FORMS": int(bool(member.pk))}
    office.post(f"/admin/clients/client/{member.client_id}/change/", alpha | counts | sent)


def send_on_users_page(office, member, **change):
    row = {"id": member.pk, "client": member.client_id, "role": member.role} | change
    sent = {f"membership-0-{name}": value for name, value in row.items()}
    counts = {"membership-TOTAL_FORMS": 1, "membership-INITIAL_FORMS": int(bool(member.pk))}
    user = {"username": member.user.username, "is_active": "on"}
    office.post(f"/admin/accounts/user/{member.user_id}/change/", user | counts | sent)


@pytest.mark.parametrize("send", [send_on_clients_page, send_on_users_page])
def test_membership_has_one_event_on_both_pages(office, alice, bob, send):
    with worker():
        member = Membership.unscoped.select_related("client", "user").get(user=bob)

    send(office, member, role="operator")

    changed = {"before": "auditor", "after": "operator"}
    assert member_events() == [(Kind.MEMBER_CHANGED, "bob", changed)]
    send(office, member, role="operator", DELETE="on")
    removed = Kind.MEMBER_REMOVED, "bob", {"role": "operator"}
    assert member_events()[-1] == removed
    member.pk = None
    send(office, member, id="", role="auditor")
    assert member_events()[0] == (Kind.MEMBER_JOINED, "bob", {"role": "auditor"})
    assert len(member_events()) == 3
    assert LogEntry.objects.count() == 3


@pytest.fixture
def members_form(alice):
    """Return a form in which all but Alice leave Alpha, and `new` join as owners."""

    def form(*new):
        with worker():
            old = list(Membership.unscoped.filter(client=alice.client).order_by("pk"))
        rows = [
            {"id": m.pk, "user": m.user_id, "role": m.role}
            | ({} if m.user_id == alice.pk else {"DELETE": "on"})
            for m in old
        ] + [{"user": user.pk, "role": Role.OWNER} for user in new]
        sent = {f"membership_set-{n}-{k}": v for n, row in enumerate(rows) for k, v in row.items()}
        return sent | {
            "name": "Alpha",
            "slug": "alpha",
            "time_zone": "Asia/Kolkata",
            "is_active": "on",
            "membership_set-TOTAL_FORMS": len(rows),
            "membership_set-INITIAL_FORMS": len(old),
        }

    return form


def test_added_members_are_recorded_one_by_one(office, alice, charlie, members_form):
    with worker():
        new = [User.objects.create_user(name) for name in ("x" * 150, "y" * 150, "mallory")]

    office.post(f"/admin/clients/client/{alice.client.pk}/change/", members_form(*new))

    added = events(Kind.MEMBER_JOINED)
    assert {event.target for event in added} == {user.username for user in new}
    assert {event_summary(event) for event in added} == {("dora", "Alpha", Result.OK)}


def test_removed_members_are_recorded_one_by_one(office, alice, charlie, members_form):
    for name in ("bob" * 50, "berta"):
        make_member(name, client=alice.client, role=Role.AUDITOR)

    office.post(f"/admin/clients/client/{alice.client.pk}/change/", members_form())

    gone = events(Kind.MEMBER_REMOVED)
    assert {event.target for event in gone} == {"bob" * 50, "berta"}
    assert {event_summary(event) for event in gone} == {("dora", "Alpha", Result.OK)}


def test_a_status_of_a_payment_system_is_written_and_is_of_no_client(office):
    office.post(
        "/admin/wallets/paymentsystem/add/",
        {
            "code": "nagad",
            "name": "Nagad",
            "currency": "BDT",
            "country": "BD",
            "statuses-TOTAL_FORMS": "1",
            "statuses-INITIAL_FORMS": "0",
            "statuses-0-status": "activated",
        },
    )

    status, system = events(Kind.ADDED)
    assert status.target.startswith("paymentsystemstatus ")
    assert event_summary(status) == event_summary(system) == ("dora", "", Result.OK)


def test_an_added_user_and_a_switched_off_wallet_are_written(office, alice):
    wallet = make_wallet(alice.client)

    office.post("/admin/accounts/user/add/", operator_form("olga", alice.client))
    office.post(
        f"/admin/wallets/wallet/{wallet.pk}/change/",
        {"number": wallet.number, "name": "", "currency": "INR", "country": "IN"},
    )

    member, added = only_event(Kind.MEMBER_JOINED), only_event(Kind.ADDED)
    changed = only_event(Kind.CHANGED)
    assert (added.target, event_summary(added)) == ("user olga", ("dora", "Alpha", Result.OK))
    assert (member.target, event_summary(member)) == ("olga", event_summary(added))
    assert (changed.target, changed.client_name) == (f"wallet {wallet}", "Alpha")
    assert changed.details == {"is_active": "true → false"}


def test_what_is_the_same_for_all_clients_is_of_none(office):
    rate = {"currency": "INR", "day": "2026-11-24", "usd_rate": "0.0119", "source": "bank"}

    office.post("/admin/wallets/exchangerate/add/", rate)

    assert event_summary(only_event(Kind.ADDED)) == ("dora", "", Result.OK)


def test_renamed_login_is_recorded_before_and_after(office, alice):
    counts = {"membership-TOTAL_FORMS": 0, "membership-INITIAL_FORMS": 0}

    office.post(
        f"/admin/accounts/user/{alice.pk}/change/",
        {"username": "alicia", "is_active": "on"} | counts,
    )

    event = only_event(Kind.CHANGED)
    assert (event.target, event_summary(event)) == ("user alicia", ("dora", "Alpha", Result.OK))
    assert event.details == {"username": "alice → alicia"}
    assert details_in_words(event) == "Логин: alice → alicia"


def test_a_new_password_is_written_without_it(office, alice):
    new = "another-horse-battery"

    office.post(
        f"/admin/accounts/user/{alice.pk}/password/",
        {"usable_password": "true", "password1": new, "password2": new},
    )

    event = only_event(Kind.CHANGED)
    assert (event.target, event.client_name) == ("user alice", "Alpha")
    assert event.details == {"changed": "password"}


def test_a_deletion_would_be_written_too(rf, dora, alice):
    request = rf.post("/admin/")
    request.user, request.actor = dora, "dora"
    request.actor_kind = ActorKind.ADMINISTRATOR
    with worker():
        ClientAdmin(Client, back_office).log_deletions(request, Client.objects.all())

    assert only_event(Kind.DELETED).target == "client Alpha"


def test_a_registered_client_is_written_without_its_owners_password(office):
    office.post(
        "/admin/clients/client/add/",
        {
            "name": "Delta",
            "slug": "delta",
            "time_zone": "Asia/Dhaka",
            "owner": "daria",
            "password": PASSWORD,
        },
    )

    event = only_event(Kind.CLIENT_REGISTERED)
    assert event_summary(event) == ("dora", "Delta", Result.OK)
    assert (event.target, event.address) == ("delta", HERE)
    assert event.details == {"owner": "daria", "time_zone": "Asia/Dhaka"}


def test_a_revoked_key_is_written_once(office, alice, key):
    with worker():
        pk = ApiKey.unscoped.get().pk

    for _time in range(2):
        office.post("/admin/accounts/apikey/", {"action": "revoke", "_selected_action": [pk]})

    event = only_event(Kind.KEY_REVOKED)
    assert event_summary(event) == ("dora", "Alpha", Result.OK)
    assert event.target == f"shop ({key[:12]}…)"


def test_an_administrator_reads_the_log_of_all_clients_and_of_none(office, dora, alice, charlie):
    office.sign_in(dora)
    with worker():
        record_event(Kind.EXPORT, by=Actor("alice"), client=alice.client)
        record_event(Kind.IMPORT_STARTED, by=Actor("charlie"), client=charlie.client)
        record_event(Kind.SIGN_IN, by=Actor("a stranger"), result=Result.FAILED)

    def actors(**conditions):
        listed = office.get("/admin/audit/auditevent/", conditions).context["cl"].result_list
        return {event.actor for event in listed}

    assert actors() == {"alice", "charlie", "a stranger", "dora"}
    assert actors(client__id__exact=alice.client.pk) == {"alice"}
    assert actors(client__isnull="True") == {"a stranger", "dora"}
    assert actors(kind__exact="import_started") == {"charlie"}


# Never changed, never deleted


@pytest.mark.parametrize("who", ["web", "worker"])
@pytest.mark.parametrize(
    "change",
    [
        "update audit_auditevent set actor = 'charlie'",
        "delete from audit_auditevent",
        "truncate audit_auditevent",
    ],
)
def test_neither_web_nor_worker_changes_the_log(alice, who, change):
    with seeing(alice):
        record_event(Kind.EXPORT, by=Actor("alice"), client=alice.client)
    of = {"web": lambda: seeing(alice), "worker": worker}[who]

    with pytest.raises(DatabaseError, match="permission denied"), of():
        connection.cursor().execute(change)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "change",
    [
        "update audit_auditevent set actor = 'charlie'",
        "delete from audit_auditevent",
        "truncate audit_auditevent",
    ],
)
def test_schema_owner_cannot_change_the_log(change):
    with pytest.raises(DatabaseError, match="audit_auditevent is never changed"):
        connections["owner"].cursor().execute(change)


def test_events_outlive_what_they_describe(office, alice, key):
    client = alice.client
    with seeing(alice):
        record_event(Kind.EXPORT, by=Actor("alice"), client=client)

    with worker():
        ApiKey.unscoped.all().delete()
        User.objects.filter(pk=alice.pk).delete()
        Wallet.unscoped.filter(client=client).delete()
        Client.objects.filter(pk=client.pk).delete()
        assert not Client.objects.exists() and not Membership.unscoped.exists()

    assert event_summary(only_event(Kind.EXPORT)) == ("alice", "Alpha", Result.OK)
    assert only_event(Kind.KEY_MADE).target == f"shop ({key[:12]}…)"
    assert "Alpha" in words(office.get("/admin/audit/auditevent/"))


# What goes into no event


def test_no_payers_name_no_key_and_no_password_stands_in_any_event(client, alice, key):
    make_payment_system("bkash")
    make_transaction(alice, "T1", counterparty="Asha Rao")
    sign_in(client, "alice", "a-wrong-secret")
    sign_in(client, "alice")
    for address in ("/payments/transactions/", "/payments/transactions/export.csv"):
        client.get(address, {"counterparty": "Asha Rao"}).getvalue()
    ask(client, key)
    client.post("/wallets/balance/?counterparty=Asha+Rao")
    client.get("/admin/?q=Asha+Rao", follow=True)

    with worker(), connection.cursor() as cursor:
        cursor.execute("select string_agg(event::text, ' ') from audit_auditevent event")
        [log] = cursor.fetchone()

    assert log.count("sign_in") == 2 and "export" in log and "refusal" in log
    for secret in ("Asha", "Rao", "a-wrong-secret", PASSWORD, key, key[12:]):
        assert secret not in log


def test_texts_are_cut_before_the_database_would_refuse_them(alice):
    with seeing(alice):
        record_event(
            Kind.EXPORT,
            by=Actor("x" * 1000),
            client=alice.client,
            target="y\n" * 1000,
            details={str(n): '"' * 1000 for n in range(20)},
        )

        event = AuditEvent.unscoped.get()

    assert (len(event.actor), len(event.target)) == (200, 250)
    assert event.target.startswith("y�y�")


# Kinds


def test_every_kind_is_written_somewhere():
    root = Path(__file__).parents[2]
    apps = ["accounts", "workspace", "backoffice", "jobs", "wallets", "transactions"]
    code = [path.read_text() for app in apps for path in root.joinpath(app).rglob("*.py")]
    written = set(re.findall(r"\bKind\.([A-Z_]+)\b", "\n".join(code)))

    assert set(Kind.__members__) - written == set()
