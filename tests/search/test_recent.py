"""Recent searches: kept on the server until sign-out."""

import pytest

from accounts.models import Session
from audit.models import AuditEvent
from search.recent import MAX_SEARCHES
from tests.support.factories import worker
from tests.support.visitors import Browser

pytestmark = pytest.mark.django_db


def recent(client):
    return [link["label"] for link in client.get("/search/").context["recent"]]


def test_recent_searches_stand_newest_first_and_once(search, client):
    for text in ("first", "second", "first"):
        search(text)

    assert recent(client) == ["first", "second"]


def test_twenty_searches_are_kept(search, client):
    for number in range(MAX_SEARCHES + 5):
        search(f"search {number}")

    assert len(recent(client)) == MAX_SEARCHES
    assert recent(client)[0] == f"search {MAX_SEARCHES + 4}"


def test_wrong_and_endless_searches_are_not_kept(search, client):
    search("x" * 191)
    search(", ".join(str(1_000_000 + number) for number in range(50)))

    assert recent(client) == []


def test_searches_end_with_sign_out(search, client, alice):
    search("Rahim")
    client.post("/logout/")
    client.force_login(alice)

    assert recent(client) == []
    assert not Session.objects.exclude(user=alice).exists()


def test_nobody_else_has_them(search, alice, bob):
    search("Rahim")
    other = Browser()
    other.force_login(bob)

    assert recent(other) == []


def test_next_user_of_a_browser_has_none_of_them(search, client, bob):
    search("Rahim")
    client.force_login(bob)

    assert recent(client) == []


def test_they_are_in_no_audit_log(search):
    search("Rahim")

    with worker():
        assert not AuditEvent.unscoped.exists()
