"""The first net: a query on Clients' rows that does not say whose they are is not run."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Exists

from accounts.models import ApiKey, Membership
from accumulations.models import Accumulation
from clients.models import Client
from clients.scoping import UnscopedQueryError
from tests.support.factories import make_accumulation, make_transaction, seeing, worker
from transactions.models import Transaction
from wallets.models import Wallet

pytestmark = pytest.mark.django_db

WAYS = {
    "list": list,
    "iterator": lambda rows: next(rows.iterator()),
    "get": lambda rows: rows.get(pk=1),
    "first": lambda rows: rows.first(),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "values": lambda rows: list(rows.filter(client__slug="alpha").values("pk")),
    "sql": lambda rows: rows.query.sql_with_params(),
    "subquery": lambda rows: list(Client.objects.filter(Exists(rows))),
    "union": lambda rows: list(rows.union(rows)),
    "update": lambda rows: rows.update(client=1),
    "delete": lambda rows: rows.delete(),
}


def has_a_client(model):
    try:
        return model._meta.get_field("client").related_model is Client
    except FieldDoesNotExist:
        return False


OWNED = [model for model in apps.get_models() if has_a_client(model)]


@pytest.mark.parametrize("way", WAYS)
def test_unscoped_query_raises(alice, way):
    with seeing(alice), pytest.raises(UnscopedQueryError):
        WAYS[way](Wallet.objects.all())


@pytest.mark.parametrize("way", ["list", "count", "exists", "aggregate", "values", "sql"])
def test_scoped_query_runs(alice, way):
    with seeing(alice):
        assert WAYS[way](Wallet.objects.for_client(alice.client))


def test_a_condition_on_the_client_is_no_scope(alice):
    with seeing(alice), pytest.raises(UnscopedQueryError):
        Transaction.objects.filter(client=alice.client).count()


def test_a_scope_stays_with_what_is_made_of_it(alice):
    make_transaction(alice)

    with seeing(alice):
        rows = Transaction.objects.for_client(alice.client)
        assert rows.filter(label="").exclude(number="").newest_first()[:5].count() == 1


def test_what_is_left_out_by_rows_of_its_own_needs_no_other_scope(alice):
    """Django asks for these in a query of its own."""
    transaction = make_transaction(alice)
    make_accumulation(alice, transactions=[transaction])

    with seeing(alice):
        rows = Accumulation.objects.for_client(alice.client)
        assert not rows.exclude(entries__transaction=transaction).exists()


def test_a_scope_is_not_of_what_it_was_made_from(alice):
    rows = Wallet.objects.all()
    rows.for_client(alice.client)

    with seeing(alice), pytest.raises(UnscopedQueryError):
        rows.exists()


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
def test_every_model_with_client_requires_scope(alice, model):
    with seeing(alice), pytest.raises(UnscopedQueryError):
        model.objects.exists()


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
def test_a_scope_is_one_clients_where_the_database_shows_everyones(both, model):
    alice, _charlie = both

    with worker():
        assert {row.client_id for row in model.unscoped.all()} > {alice.client.pk}
        assert {row.client_id for row in model.objects.for_client(alice.client)} == {
            alice.client.pk
        }


def test_some_models_have_a_client():
    assert {Membership, ApiKey, Wallet, Transaction} < set(OWNED)
