from uuid import uuid4

import pytest
from django.db import ProgrammingError, connections

from accounts.roles import Role
from audit.kinds import Kind
from audit.models import AuditEvent
from tests.support.database.raw_sql import constraint_that_refuses
from tests.support.factories import make_member, make_transaction, seeing, worker
from tests.support.pages import words
from tests.support.visitors import look_at
from transactions.models import Note

pytestmark = pytest.mark.django_db

KEY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def hers(alice):
    return make_transaction(alice, "HERS")


@pytest.fixture
def send(client, hers):
    def send(user, text="Called the payer", key=KEY, transaction=hers):
        if user:
            client.force_login(user)
        address = f"/payments/transactions/{transaction.pk}/notes/?status=active"
        return client.post(address, {"text": text, "form_key": key})

    return send


def notes(owner):
    with seeing(owner):
        return [(note.author, note.text) for note in Note.unscoped.all()]


@pytest.mark.parametrize("role", [Role.OWNER, Role.OPERATOR])
def test_owner_and_operator_write_notes(client, alice, hers, send, role):
    writer = make_member("olga", client=alice.client, role=role)

    response = send(writer)

    address = f"/payments/transactions/{hers.pk}/?status=active#history"
    assert (response.status_code, response.headers["Location"]) == (302, address)
    assert notes(alice) == [("olga", "Called the payer")]
    assert "Called the payer 24.11.2026 17:30" in words(client.get(address))


def test_reader_reads_and_does_not_write(client, alice, bob, hers, send):
    send(alice)

    assert send(bob, "mine").status_code == 403
    page = client.get(f"/payments/transactions/{hers.pk}/")
    assert "Called the payer" in words(page)
    assert "Добавить заметку" not in words(page)
    assert notes(alice) == [("alice", "Called the payer")]


def test_administrator_who_looks_does_not_write(client, alice, dora, hers, send):
    client.force_login(dora)
    look_at(client, alice.client)

    assert send(None).status_code == 403
    assert "Добавить заметку" not in words(client.get(f"/payments/transactions/{hers.pk}/"))
    assert notes(alice) == []


def test_stranger_writes_on_no_transaction_of_hers(alice, charlie, send, nets):
    assert send(charlie).status_code == 404
    assert notes(alice) == notes(charlie) == []


def test_stranger_reads_no_note(alice, charlie, send, nets):
    send(alice)

    with seeing(charlie):
        assert not Note.objects.for_client(charlie.client).exists()


def test_same_form_sent_twice_makes_one_note(alice, send):
    send(alice)
    send(alice)

    assert notes(alice) == [("alice", "Called the payer")]


def test_changed_text_of_the_same_form_is_another_note(alice, send):
    send(alice, "One")
    send(alice, "Two")

    assert [text for _author, text in notes(alice)] == ["One", "Two"]


def test_same_text_of_two_forms_is_two_notes(alice, send):
    send(alice, key=str(uuid4()))
    send(alice, key=str(uuid4()))

    assert len(notes(alice)) == 2


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_wrong_note_is_refused_and_not_lost(alice, send, text):
    response = send(alice, text)

    assert response.status_code == 200
    assert len(response.context["note_form"].errors["text"]) == 1
    assert text.strip() in response.content.decode()
    assert notes(alice) == []


def test_too_long_note_is_told_its_length(alice, send):
    assert "не больше 2000 знаков, а здесь 2001" in words(send(alice, "x" * 2001))


def test_lines_count_as_one_character(alice, send):
    send(alice, "x\r\n" * 1000)

    assert notes(alice) == [("alice", ("x\n" * 1000).strip())]


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_forged_key_of_a_form_makes_nothing(alice, send, key):
    assert send(alice, key=key).status_code == 200
    assert notes(alice) == []


def test_nul_in_a_note_is_refused(alice, send):
    assert send(alice, "a\0b").status_code == 200
    assert notes(alice) == []


def test_audit_log_has_the_fact_and_not_the_text(alice, send):
    send(alice)
    send(alice)

    with worker():
        [event] = AuditEvent.unscoped.filter(kind=Kind.NOTE_WRITTEN)
    assert (event.actor, event.target, event.details) == ("alice", "HERS", {})


def test_note_is_escaped(client, alice, hers, send):
    send(alice, "<b>bold</b>")

    page = client.get(f"/payments/transactions/{hers.pk}/").content.decode()
    assert "<b>bold" not in page


@pytest.mark.parametrize("change", [{"text": "other"}, None], ids=["update", "delete"])
def test_note_is_never_changed_by_web(alice, send, change):
    send(alice)

    with pytest.raises(ProgrammingError, match="permission denied"), seeing(alice):
        rows = Note.unscoped.all()
        rows.update(**change) if change else rows.delete()


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("change", ["update transactions_note set text = ''", "delete from"])
def test_owner_of_the_schema_changes_no_note(change):
    statement = change if change.startswith("update") else f"{change} transactions_note"

    with pytest.raises(ProgrammingError, match="never changed"), connections["owner"].cursor() as c:
        c.execute(statement)


BREAKS = [
    ("note_has_an_author", {"author": ""}),
    ("note_has_a_text", {"text": ""}),
    ("note_text_bounded", {"text": "x" * 2001}),
]
BROKEN = {*(name for name, _change in BREAKS), "note_sent_once", "note_transaction_of_client"}


@pytest.fixture
def good(alice, hers):
    return {
        "client_id": alice.client.pk,
        "transaction_id": hers.pk,
        "author": "alice",
        "text": "Called the payer",
        "at": "2026-11-24 12:00+00",
        "form_key": KEY,
    }


@pytest.mark.parametrize(("constraint", "change"), BREAKS)
def test_impossible_note_is_refused(good, constraint, change):
    assert constraint_that_refuses("transactions_note", good | change) == constraint


def test_note_is_sent_once(good):
    assert constraint_that_refuses("transactions_note", good, good) == "note_sent_once"


def test_note_is_on_a_transaction_of_its_client(good, charlie):
    change = {"transaction_id": make_transaction(charlie).pk}

    assert (
        constraint_that_refuses("transactions_note", good | change) == "note_transaction_of_client"
    )
