import re

import pytest
from django.db import connection

from tests.support.database.raw_sql import execute
from tests.support.factories import seeing, worker
from transactions.models import Change, Transaction

pytestmark = pytest.mark.django_db

PARTITION = re.compile(r" on (transactions_(?:transaction|change)_[0-7])\b")
MODELS = pytest.mark.parametrize("model", [Transaction, Change])


@pytest.fixture(autouse=True)
def changed_rows(both):
    """Rows of both Clients, with a history."""


def partitions_in(plan):
    return set(PARTITION.findall(plan))


def partition_of(client, model):
    with worker(), connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(
            f"select distinct tableoid::regclass::text from {table} where client_id = %s",
            [client.pk],
        )
        [[name]] = cursor.fetchall()
    return name


def fetch_text(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


@MODELS
def test_query_of_a_client_is_planned_for_one_partition(alice, model):
    with seeing(alice):
        plan = model.objects.for_client(alice.client).explain()

    assert partitions_in(plan) == {partition_of(alice.client, model)}


@MODELS
def test_generic_plan_reads_one_partition(alice, model):
    with seeing(alice):
        execute("set local plan_cache_mode = force_generic_plan")
        execute(
            f"prepare of_client(bigint) as select * from {model._meta.db_table}"
            " where client_id = $1"
        )
        plan = fetch_text(f"explain execute of_client({alice.client.pk})")
        execute("deallocate of_client")

    assert "Subplans Removed: 7" in plan
    assert partitions_in(plan) == {partition_of(alice.client, model)}


@MODELS
def test_policy_alone_reads_one_partition(alice, model):
    """Decided while the statement runs: planning does not look into the setting."""
    with seeing(alice):
        plan = fetch_text(f"explain (analyze, timing off) select * from {model._meta.db_table}")

    read = "\n".join(line for line in plan.splitlines() if "never executed" not in line)
    assert partitions_in(plan) > partitions_in(read) == {partition_of(alice.client, model)}


def test_update_of_a_client_writes_one_partition(alice):
    table, own = Transaction._meta.db_table, partition_of(alice.client, Transaction)
    with seeing(alice):
        plan = fetch_text(
            f"explain update {table} set label = '' where client_id = {alice.client.pk}"
        )

    assert partitions_in(plan) == {own}
