"""A Client has so many keys and members, and no more where two are made at the same time."""

import threading
from contextlib import suppress

import pytest

from accounts.members import members
from accounts.models import ApiKey, Invitation
from tests.support.database.at_once import at_once
from tests.support.factories import worker
from tests.support.visitors import Browser
from workspace.api_keys import views as api_keys_views
from workspace.members import views as members_views

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def waiting_for_another(act):
    """`act`, before which whoever comes stays for a moment, to meet another who is as far."""
    met = threading.Barrier(2)

    def wait_and_act(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            met.wait(timeout=1)
        return act(*args, **kwargs)

    return wait_and_act


def send_twice(user, address, form):
    def send():
        browser = Browser()
        browser.force_login(user)
        return browser.post(address, form).status_code

    assert sorted(at_once(send, send)) == [200, 302]


def test_of_two_keys_the_second_is_one_too_many(alice, monkeypatch):
    monkeypatch.setattr(api_keys_views, "MAX_KEYS", 1)
    act = waiting_for_another(api_keys_views.create_api_key)
    monkeypatch.setattr(api_keys_views, "create_api_key", act)

    send_twice(alice, "/keys/", {"name": "shop", "scopes": ["balance"], "last_day": ""})

    with worker():
        assert ApiKey.unscoped.count() == 1


def test_of_two_invitations_the_second_is_one_too_many(alice, monkeypatch):
    monkeypatch.setattr(members_views, "MAX_MEMBERS", 2)
    monkeypatch.setattr(members, "invite", waiting_for_another(members.invite))

    send_twice(alice, "/members/", {"role": "auditor"})

    with worker():
        assert Invitation.unscoped.count() == 1
