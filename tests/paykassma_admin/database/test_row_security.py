from functools import partial
from itertools import product

import pytest
from django.db import DatabaseError, connection

from audit.kinds import Kind
from audit.models import AuditEvent
from audit.record import Actor, record_event
from tests.paykassma_admin.database.test_tables import LESS_THAN_ALL, PARTITIONS, PROTECTED
from tests.support.database.raw_sql import execute
from tests.support.factories import make_transaction, seeing, worker
from transactions.models import Transaction

pytestmark = pytest.mark.django_db

ACTS_ON_PARTITION = (
    "select from {}",
    "insert into {} default values",
    "update {} set client_id = 1",
    "delete from {}",
    "truncate {}",
)
REFUSALS = "row-level security|permission denied|another Client's"


def key_of(table):
    return "id" if table == "clients_client" else "client_id"


def test_tests_query_as_the_role_that_serves_pages():
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_database()")
        user, database = cursor.fetchone()

    assert user == "paykassma_web"
    assert database.startswith("test_")


def test_without_a_client_no_row_is_seen(alice):
    make_transaction(alice)

    assert not Transaction.unscoped.exists()


def test_a_client_sees_his_rows_and_no_others(alice, charlie):
    make_transaction(alice, "hers")
    make_transaction(charlie, "his")

    with seeing(alice):
        assert [t.number for t in Transaction.unscoped.all()] == ["hers"]


def test_of_every_table_a_client_sees_his_rows_alone(both, subtests):
    alice, _charlie = both

    for table in sorted(PROTECTED):
        with subtests.test(table), seeing(alice), connection.cursor() as cursor:
            cursor.execute(f"select distinct {key_of(table)} from {table}")

            assert cursor.fetchall() == [(alice.client.pk,)]


def test_of_no_table_may_he_give_a_row_to_another_client(both, subtests):
    alice, charlie = both

    for table in sorted(PROTECTED):
        refused = pytest.raises(DatabaseError, match=REFUSALS)
        with subtests.test(table), refused, seeing(charlie):
            execute(f"update {table} set {key_of(table)} = %s", alice.client.pk)


UNDELETED = set(LESS_THAN_ALL["paykassma_web"])


def test_of_no_table_does_he_delete_another_clients_row(both, subtests):
    alice, charlie = both

    for table in sorted(PROTECTED - UNDELETED):
        with subtests.test(table), seeing(charlie), connection.cursor() as cursor:
            cursor.execute(f"delete from {table} where {key_of(table)} = %s", [alice.client.pk])

            assert cursor.rowcount == 0


def test_no_partition_is_open_by_its_name(both, subtests):
    alice, _charlie = both
    roles = (partial(seeing, alice), worker)
    for part, role, act in product(sorted(PARTITIONS), roles, ACTS_ON_PARTITION):
        refused = pytest.raises(DatabaseError, match=f"permission denied for table {part}")
        with subtests.test(f"{role} {act} {part}"), refused, role():
            execute(act.format(part))


def test_no_event_is_written_into_another_clients_log(alice, charlie):
    with pytest.raises(DatabaseError, match="row-level security"), seeing(charlie):
        record_event(Kind.EXPORT, by=Actor("alice"), client=alice.client)


def test_an_event_of_no_client_is_written_and_not_read(alice):
    with seeing(alice):
        record_event(Kind.SIGN_IN, by=Actor("nobody"))

        assert not AuditEvent.unscoped.exists()
    with worker():
        assert AuditEvent.unscoped.get().actor == "nobody"
