"""The second net: what the database itself shows, and refuses, to the role that serves pages."""

import pytest
from django.db import connection

from tests.factories import make_transaction, seeing
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def test_tests_query_as_the_role_that_serves_pages():
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_database()")
        user, database = cursor.fetchone()

    assert user == "paykassma_web"
    assert database.startswith("test_")


def test_without_a_client_no_row_is_seen(alice):
    make_transaction(alice)

    assert not Transaction.objects.exists()


def test_a_client_sees_his_rows_and_no_others(alice, charlie):
    make_transaction(alice, "hers")
    make_transaction(charlie, "his")

    with seeing(alice):
        assert [t.number for t in Transaction.objects.all()] == ["hers"]
