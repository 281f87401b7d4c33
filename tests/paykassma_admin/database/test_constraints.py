import pytest
from django.apps import apps
from django.db import connection

from tests.accounts.api import test_idempotency as of_requests
from tests.accumulations import test_constraints as of_accumulations
from tests.clients import test_constraints as of_clients
from tests.transactions import test_constraints as of_transactions
from tests.transactions import test_source_constraints as of_sources
from tests.transactions.detail import test_notes as of_notes
from tests.wallets import test_constraints as of_wallets

pytestmark = pytest.mark.django_db

# Only targets of composite foreign keys: the primary key in them fails first.
UNBREAKABLE = {"wallet_client_and_payment_system", "api_key_of_client"}
APPS = ["clients", "audit", "accounts", "wallets", "transactions", "accumulations"]


def in_models():
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {constraint.name for model in models for constraint in model._meta.constraints}


def in_database():
    """Django's own names begin with their table's, or have a hash in them; partitions inherit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select conname from pg_constraint join pg_class on pg_class.oid = conrelid"
            " where conparentid = 0 and contype in ('c', 'f', 'u', 'x')"
            " and split_part(relname, '_', 1) = any(%s)"
            " and not starts_with(conname, relname) and conname !~ '_[0-9a-f]{8}_'",
            [APPS],
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_constraint_is_broken_by_a_test():
    broken = [
        of_clients.BROKEN,
        of_wallets.BROKEN,
        of_transactions.BROKEN,
        of_sources.BROKEN,
        of_notes.BROKEN,
        of_accumulations.BROKEN,
        of_requests.BROKEN,
    ]

    assert set().union(*broken) == (in_models() | in_database()) - UNBREAKABLE
