import pytest
from django.db import ProgrammingError

from accounts.models import ApiKey
from tests.support.database.raw_sql import constraint_that_refuses, insert
from tests.support.factories import make_source, make_transaction, seeing, worker

pytestmark = pytest.mark.django_db

NOW = "2026-11-24 12:00+00"
BREAKS = [
    ("source_kind_known", {"kind": "mail"}),
    ("source_has_a_name", {"name": ""}),
    ("source_sha256_is_a_digest", {"sha256": "A" * 64}),
    ("source_key_where_a_key_wrote", {"kind": "key"}),
]
BROKEN = {
    *(constraint for constraint, _change in BREAKS),
    "source_key_of_client",
    "source_of_key_once",
    "transaction_source_of_client",
    "change_source_of_client",
}


@pytest.fixture
def good(alice):
    return {
        "client_id": alice.client.pk,
        "kind": "command",
        "name": "rows.csv",
        "sha256": "0" * 64,
        "at": NOW,
    }


@pytest.fixture
def his(charlie):
    return make_source(charlie)


@pytest.mark.parametrize(("constraint", "change"), BREAKS)
def test_invalid_source_is_refused(good, constraint, change):
    assert constraint_that_refuses("transactions_source", good | change) == constraint


def test_source_of_a_key_is_of_its_client(good, charlie):
    with worker():
        key = ApiKey.unscoped.create(
            client=charlie.client, name="shop", prefix="pk_1", sha256="0" * 64, scopes=["balance"]
        )

    constraint = constraint_that_refuses(
        "transactions_source", good | {"kind": "key", "key_id": key.pk}
    )

    assert constraint == "source_key_of_client"


def test_key_is_one_source(good, alice):
    with worker():
        key = ApiKey.unscoped.create(
            client=alice.client, name="shop", prefix="pk_1", sha256="0" * 64, scopes=["write"]
        )
        insert("transactions_source", good | {"kind": "key", "key_id": key.pk})

    constraint = constraint_that_refuses(
        "transactions_source", good | {"kind": "key", "key_id": key.pk}
    )

    assert constraint == "source_of_key_once"


def test_transaction_has_its_clients_source(alice, his):
    row = make_transaction(alice)
    fields = [each for each in row._meta.concrete_fields if not each.generated]
    values = {each.attname: getattr(row, each.attname) for each in fields}
    values |= {"id": row.pk + 1, "number": "T2", "source_id": his.pk}

    constraint = constraint_that_refuses("transactions_transaction", values)

    assert constraint == "transaction_source_of_client"


def test_change_has_its_clients_source(alice, his):
    change = {
        "client_id": alice.client.pk,
        "transaction_id": make_transaction(alice).pk,
        "field": "label",
        "before": "",
        "after": "x",
        "at": NOW,
        "actor": "alice",
        "source_id": his.pk,
    }

    assert constraint_that_refuses("transactions_change", change) == "change_source_of_client"


def test_member_cannot_write_another_clients_source(good, charlie):
    with pytest.raises(ProgrammingError, match="row-level security"), seeing(charlie):
        insert("transactions_source", good)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_source_is_never_changed(alice, change):
    source = make_source(alice)
    rows = {
        "update": lambda own: own.update(name="x"),
        "delete": lambda own: own.delete(),
    }[change]

    with pytest.raises(ProgrammingError, match="permission denied"), seeing(alice):
        rows(type(source).unscoped.filter(pk=source.pk))
