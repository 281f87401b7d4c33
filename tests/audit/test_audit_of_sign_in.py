import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.models import FailedSignIns, User
from accounts.sign_in.adapter import AccountAdapter
from accounts.sign_in.lockout import MAX_OF_ADDRESS, MAX_OF_LOGIN_AND_ADDRESS
from audit.kinds import Kind, Result
from audit.record import ONCE_A_MINUTE
from clients.models import Client
from tests.support.back_office import client_form
from tests.support.events import event_summary, events, only_event
from tests.support.factories import PASSWORD, worker
from tests.support.second_factors import code_of, new_password, recovery_codes, set_up_app, sign_in
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db

NEW = "another-horse-another-battery"
IMPOSSIBLE = "\0"  # refused before it is tried, and so never counted
NO_PASSKEY = '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}'


@pytest.fixture
def secret(client, alice):
    sign_in(client, "alice")
    secret = set_up_app(client)
    client.codes = recovery_codes(client)
    client.post("/logout/")
    return secret


@pytest.fixture
def at_the_second_step(client, secret):
    cache.clear()
    sign_in(client, "alice")
    return client


@pytest.fixture
def office(dora):
    browser = Browser()
    browser.force_login(dora)
    return browser


def last(kind):
    return events(kind)[-1]


def factors(kind):
    return [event.details.get("factor") for event in events(kind)]


# Signing in


def test_a_sign_in_tells_by_what(at_the_second_step, secret):
    at_the_second_step.post("/login/code/", {"code": code_of(secret, later=1)})

    assert factors(Kind.SIGN_IN) == ["password", "app"]  # when it was set up, and after


def test_the_password_alone_is_no_sign_in_where_there_is_a_second_factor(at_the_second_step):
    assert factors(Kind.SIGN_IN) == ["password"]  # when it was set up


def test_a_recovery_code_is_written_with_how_many_are_left(at_the_second_step):
    at_the_second_step.post("/login/code/", {"code": at_the_second_step.codes[0]})

    assert factors(Kind.SIGN_IN)[-1] == "recovery_code"
    event = only_event(Kind.RECOVERY_CODE_USED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert event.details == {"left": 9}


def another_password(alice):
    alice.set_password(NEW)


def switch_off(alice):
    alice.is_active = False


@pytest.mark.parametrize("change", [another_password, switch_off])
def test_a_recovery_code_that_lets_nobody_in_is_hers_all_the_same(
    at_the_second_step, alice, change
):
    change(alice)
    with worker():
        alice.save()

    at_the_second_step.post("/login/code/", {"code": at_the_second_step.codes[0]})

    assert factors(Kind.SIGN_IN) == ["password"]  # when it was set up
    event = only_event(Kind.RECOVERY_CODE_USED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.target, event.details, event.address) == ("alice", {"left": 9}, "127.0.0.1")


def test_a_switched_off_client_logs_its_members(client, alice):
    with worker():
        Client.objects.update(is_active=False)

    sign_in(client, "alice")
    page = client.get("/")
    client.post("/logout/")

    assert page.status_code == 403
    (entered,), (refused,), (left,) = map(events, (Kind.SIGN_IN, Kind.REFUSAL, Kind.SIGN_OUT))
    assert event_summary(entered) == event_summary(left) == ("alice", "Alpha", Result.OK)
    assert event_summary(refused) == ("alice", "Alpha", Result.REFUSED)
    alice.refresh_from_db()
    assert alice.last_login is not None


def test_a_wrong_code_is_seen_by_her_client(at_the_second_step):
    at_the_second_step.post("/login/code/", {"code": "000000"})

    event = last(Kind.SIGN_IN)
    assert event_summary(event) == ("alice", "Alpha", Result.FAILED)
    assert (event.details, event.address) == ({"factor": "code"}, "127.0.0.1")


def test_each_wrong_code_is_written_and_the_pause_once(at_the_second_step):
    for _attempt in range(MAX_OF_LOGIN_AND_ADDRESS + 3):
        at_the_second_step.post("/login/code/", {"code": "000000"})

    results = [event.result for event in events(Kind.SIGN_IN)]
    assert results == [Result.OK] + [Result.FAILED] * MAX_OF_LOGIN_AND_ADDRESS + [Result.REFUSED]


def test_each_wrong_password_is_written_and_the_pause_once(client, alice):
    for _attempt in range(MAX_OF_LOGIN_AND_ADDRESS + 3):
        sign_in(client, "alice", "wrong")

    results = [event.result for event in events(Kind.SIGN_IN)]
    assert results == [Result.FAILED] * MAX_OF_LOGIN_AND_ADDRESS + [Result.REFUSED]
    assert factors(Kind.SIGN_IN) == ["password"] * MAX_OF_LOGIN_AND_ADDRESS + [
        None
    ]  # none is tried in the pause
    details = [event.details for event in events(Kind.SIGN_IN)]
    assert details == [{"factor": "password"}] * MAX_OF_LOGIN_AND_ADDRESS + [ONCE_A_MINUTE]


def test_a_code_that_cannot_be_one_is_written_once_a_minute(at_the_second_step):
    for _attempt in range(3):
        at_the_second_step.post("/login/code/", {"code": IMPOSSIBLE})

    _signed_in, event = events(Kind.SIGN_IN)
    assert event_summary(event) == ("alice", "Alpha", Result.FAILED)


def test_a_password_that_cannot_be_one_is_written_once_a_minute(client, alice):
    for login in ("alice", "ALICE", " Alice "):
        sign_in(client, login, IMPOSSIBLE)

    assert event_summary(only_event(Kind.SIGN_IN)) == ("alice", "Alpha", Result.FAILED)
    assert factors(Kind.SIGN_IN) == ["password"]


def test_what_is_written_once_a_minute_hides_no_other_login_and_no_other_address(
    client, alice, charlie
):
    sign_in(client, "alice", IMPOSSIBLE)

    sign_in(client, "charlie", IMPOSSIBLE)
    sign_in(Browser(REMOTE_ADDR="198.51.100.7"), "alice", IMPOSSIBLE)

    assert [(event.actor, event.address) for event in events(Kind.SIGN_IN)] == [
        ("alice", "127.0.0.1"),
        ("charlie", "127.0.0.1"),
        ("alice", "198.51.100.7"),
    ]


def test_an_empty_code_is_no_attempt(at_the_second_step):
    at_the_second_step.post("/login/code/", {"code": ""})

    assert last(Kind.SIGN_IN).result == Result.OK


def test_a_wrong_passkey_after_the_password_is_hers_and_written_once_a_minute(at_the_second_step):
    for _attempt in range(3):
        at_the_second_step.post("/login/code/", {"credential": NO_PASSKEY})

    _signed_in, event = events(Kind.SIGN_IN)
    assert event_summary(event) == ("alice", "Alpha", Result.FAILED)
    assert event.details == {"factor": "passkey"} | ONCE_A_MINUTE


def test_a_wrong_passkey_alone_is_nobodys_and_written_once_a_minute(client, alice):
    for _attempt in range(3):
        client.post("/login/passkey/", {"credential": NO_PASSKEY})

    event = only_event(Kind.SIGN_IN)
    assert event_summary(event) == ("—", "", Result.FAILED)
    assert (event.details, event.address) == ({"factor": "passkey"} | ONCE_A_MINUTE, "127.0.0.1")


# Confirming


@pytest.mark.parametrize(
    ("typed", "result"), [(PASSWORD, Result.OK), ("a-wrong-secret", Result.FAILED)]
)
def test_a_confirmation_is_written_right_or_wrong(client, alice, typed, result):
    client.force_login(alice)

    client.post("/security/confirm/", {"password": typed})

    event = only_event(Kind.REAUTHENTICATION)
    assert event_summary(event) == ("alice", "Alpha", result)
    assert event.details == {"factor": "password"}


def test_a_confirmation_by_code_tells_by_which(client, alice, secret):
    client.force_login(alice)

    for code in ("000000", client.codes[0], code_of(secret, later=1)):
        client.post("/security/confirm/code/", {"code": code})

    assert factors(Kind.REAUTHENTICATION) == ["code", "recovery_code", "app"]
    assert only_event(Kind.RECOVERY_CODE_USED).details == {"left": 9}


@pytest.mark.parametrize(
    ("address", "field"), [("/security/confirm/", "password"), ("/security/confirm/code/", "code")]
)
def test_a_confirmation_that_cannot_be_one_is_written_once_a_minute(
    client, alice, secret, address, field
):
    client.force_login(alice)

    for _attempt in range(3):
        client.post(address, {field: IMPOSSIBLE})

    assert event_summary(only_event(Kind.REAUTHENTICATION)) == ("alice", "Alpha", Result.FAILED)


def test_one_confirmation_too_many_is_a_refusal(client, alice):
    client.force_login(alice)

    for _attempt in range(MAX_OF_LOGIN_AND_ADDRESS + 3):
        client.post("/security/confirm/", {"password": "wrong"})

    assert len(events(Kind.REAUTHENTICATION)) == MAX_OF_LOGIN_AND_ADDRESS
    refusal = only_event(Kind.REFUSAL)
    assert (refusal.target, refusal.details["status"]) == ("/security/confirm/", 429)


# Changed


def test_an_app_that_is_set_up_is_written_and_its_recovery_codes(client, secret):
    event = only_event(Kind.SECOND_FACTOR_ADDED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert (event.target, event.details) == ("alice", {"factor": "app"})
    assert event_summary(only_event(Kind.RECOVERY_CODES_MADE)) == ("alice", "Alpha", Result.OK)


def test_new_recovery_codes_are_written(at_the_second_step, secret):
    at_the_second_step.post("/login/code/", {"code": code_of(secret, later=1)})

    at_the_second_step.post("/security/recovery-codes/new/")

    assert len(events(Kind.RECOVERY_CODES_MADE)) == 2


def test_a_passkey_that_is_removed_is_written_with_its_name(client, alice):
    with worker():
        passkey = Authenticator.objects.create(user=alice, type="webauthn", data={"name": "Phone"})
    client.force_login(alice)
    client.prove(alice, at=timezone.now().timestamp())

    client.post(f"/security/factors/{passkey.pk}/remove/")

    event = only_event(Kind.SECOND_FACTOR_REMOVED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert event.details == {"factor": "passkey", "name": "Phone"}


def test_a_changed_password_is_written(client, alice):
    sign_in(client, "alice")

    client.post("/security/password/", new_password(NEW))

    event = only_event(Kind.PASSWORD_CHANGED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert event.target == "alice"


def test_ended_sessions_are_counted(client, alice):
    sign_in(Browser(), "alice")
    sign_in(client, "alice")

    client.post("/security/sessions/end-others/")

    event = only_event(Kind.SESSIONS_ENDED)
    assert event_summary(event) == ("alice", "Alpha", Result.OK)
    assert event.details == {"ended": 1}


def test_an_administrators_own_acts_are_of_no_client(client, dora):
    sign_in(client, "dora")
    set_up_app(client)

    assert event_summary(only_event(Kind.SECOND_FACTOR_ADDED)) == ("dora", "", Result.OK)


# By an administrator


def test_issued_password_is_in_the_clients_log(office, alice):
    form = {"usable_password": "true", "password1": NEW, "password2": NEW}

    office.post(f"/admin/accounts/user/{alice.pk}/password/", form)

    event = only_event(Kind.PASSWORD_CHANGED)
    assert (event.target, event_summary(event)) == ("alice", ("dora", "Alpha", Result.OK))


def test_removed_factors_are_in_the_clients_log(office, alice, secret):
    form = {"action": "remove_second_factors", "_selected_action": [alice.pk]}

    office.post("/admin/accounts/user/", form)

    event = only_event(Kind.SECOND_FACTOR_REMOVED)
    assert (event.target, event_summary(event)) == ("alice", ("dora", "Alpha", Result.OK))
    assert event.details == {"factor": "app,recovery_code"}


def test_sessions_ended_by_administrator_are_recorded(office, client, alice):
    sign_in(client, "alice")

    office.post(
        "/admin/accounts/user/", {"action": "end_all_sessions", "_selected_action": [alice.pk]}
    )

    event = only_event(Kind.SESSIONS_ENDED)
    assert (event.target, event_summary(event)) == ("alice", ("dora", "Alpha", Result.OK))
    assert event.details == {"ended": 1}
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("address", ["127.0.0.1", ""])
def test_removed_lock_is_in_the_clients_log(office, client, alice, address):
    for _attempt in range(MAX_OF_LOGIN_AND_ADDRESS):
        sign_in(client, "alice", "wrong")
    failed = FailedSignIns.objects.get(login="ALICE", address=address)

    unlock(office, failed)

    event = only_event(Kind.LOCK_REMOVED)
    assert event_summary(event) == ("dora", "Alpha", Result.OK)
    assert event.target == "alice · 127.0.0.1"  # whichever row of the login was chosen
    assert not events(Kind.DELETED)


def test_removed_lock_of_a_stranger_is_in_no_clients_log(office, client, alice):
    sign_in(client, "nobody", "wrong")
    FailedSignIns.objects.update(count=MAX_OF_ADDRESS)

    for failed in FailedSignIns.objects.exclude(address=""):
        unlock(office, failed)

    removed = {(event.client_name, event.target) for event in events(Kind.LOCK_REMOVED)}
    assert removed == {("", "NOBODY · 127.0.0.1"), ("", "127.0.0.1")}


def unlock(office, failed):
    form = {"action": "unlock", "_selected_action": [failed.pk]}
    office.post("/admin/accounts/failedsignins/", form)


def test_what_a_client_requires_is_in_its_log_when_it_changes(office, alice):
    office.post(
        f"/admin/clients/client/{alice.client.pk}/change/",
        client_form(second_factor_required="on"),
    )

    event = only_event(Kind.CHANGED)
    assert (event.target, event_summary(event)) == ("client Alpha", ("dora", "Alpha", Result.OK))
    assert event.details == {"second_factor_required": "false → true"}


# What goes into no event


def test_no_code_and_no_password_stands_in_any_event(at_the_second_step, secret):
    codes = ["123456", at_the_second_step.codes[0], code_of(secret, later=1)]
    for code in codes[:2]:
        at_the_second_step.post("/login/code/", {"code": code})
    at_the_second_step.post("/security/confirm/", {"password": "a-wrong-secret"})
    at_the_second_step.post("/security/confirm/code/", {"code": codes[2]})
    at_the_second_step.post("/security/password/", new_password(NEW))

    with worker(), connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(details::text || target || actor, ' ') from audit_auditevent"
        )
        [log] = cursor.fetchone()

    assert only_event(Kind.PASSWORD_CHANGED) and len(events(Kind.REAUTHENTICATION)) == 2
    for kept in (*codes, secret, "a-wrong-secret", PASSWORD, NEW):
        assert kept not in log


def test_a_switched_off_user_with_a_passkey_is_written_as_failed(rf, alice):
    with worker():
        User.objects.filter(pk=alice.pk).update(is_active=False)
    request = rf.post("/login/passkey/")

    AccountAdapter(request).respond_user_inactive(request, alice)

    assert event_summary(only_event(Kind.SIGN_IN)) == ("alice", "Alpha", Result.FAILED)
