import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from accounts.models import ApiKey, Membership, User
from clients.models import Client
from tests.support.factories import PASSWORD, make_client, make_member, worker

# The commands are the worker's, on a connection of their own: they see only what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])

ALPHA = {"name": "Alpha", "slug": "alpha", "time_zone": "Asia/Kolkata", "owner": "alice"}


def create_client(**given):
    out = io.StringIO()
    call_command("create_client", stdout=out, **ALPHA | given)
    return out.getvalue()


def sign_in(password):
    return Browser().post("/login/", {"login": "alice", "password": password}).status_code


def test_a_client_is_registered_and_its_owner_signs_in_with_the_password_shown():
    shown = create_client()

    assert sign_in(shown.split()[-1]) == 302
    with worker():
        member = Membership.unscoped.select_related("client").get(user__username="alice")
    assert (member.role, member.client.time_zone) == ("owner", "Asia/Kolkata")


@pytest.mark.parametrize(
    ("given", "is_required"), [({}, True), ({"without_second_factor": True}, False)]
)
def test_a_new_client_requires_second_factors_unless_it_is_said_otherwise(given, is_required):
    create_client(**given)

    with worker():
        assert Client.objects.get().second_factor_required == is_required


def test_the_password_comes_from_standard_input_and_is_not_shown(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))

    shown = create_client(password_stdin=True)

    assert sign_in(PASSWORD) == 302
    assert PASSWORD not in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"time_zone": "Asia/Nowhere"}, "time_zone: "),
        ({"time_zone": "localtime"}, "time_zone: "),
        ({"name": ""}, "name: "),
        ({"slug": "not a slug"}, "slug: "),
        ({"slug": "gamma"}, "slug: Это значение уже занято."),
        ({"name": "Gamma"}, "name: Это значение уже занято."),
        ({"owner": "Charlie"}, "owner: Пользователь с таким логином уже есть."),
        ({"owner": ""}, "owner: "),
        ({"owner": "a\0b"}, "owner: "),
    ],
)
def test_invalid_or_taken_values_create_nothing(given, said):
    make_member("charlie", client=make_client("gamma"))

    with pytest.raises(CommandError, match=said):
        create_client(**given)

    with worker():
        assert Client.objects.count() == User.objects.count() == Membership.unscoped.count() == 1


@pytest.mark.parametrize("weak", ["", "short", "password1234"])
def test_a_weak_password_is_refused(monkeypatch, weak):
    monkeypatch.setattr("sys.stdin", io.StringIO(weak))

    with pytest.raises(CommandError, match="password: "):
        create_client(password_stdin=True)

    assert not User.objects.exists()


def test_a_key_is_shown_once_and_opens_the_api():
    client = make_client("alpha")
    out = io.StringIO()

    call_command("create_api_key", client="alpha", name="shop", stdout=out, stderr=io.StringIO())

    key = out.getvalue().strip()
    response = Browser().post(
        "/api/v1/wallets/balance",
        {"wallet_type": "upi_l"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert response.json()["status"] is True
    with worker():
        assert ApiKey.objects.for_client(client).get().name == "shop"


def test_a_key_needs_a_client():
    with pytest.raises(CommandError, match=r"Клиента «nobody» нет\."):
        call_command("create_api_key", client="nobody")


def test_a_key_needs_a_name_that_fits():
    make_client("alpha")

    with pytest.raises(CommandError, match="name: "):
        call_command("create_api_key", client="alpha", name="x" * 101)
