"""Rows written past all our code, to see what the database itself refuses."""

import pytest
from django.db import IntegrityError, connection

from tests.support.factories import worker


def insert(table, row):
    columns = ", ".join(f'"{column}"' for column in row)
    places = ", ".join(["%s"] * len(row))
    execute(f"insert into {table} ({columns}) values ({places})", *row.values())


def execute(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def constraint_that_refuses(table, *rows):
    *good, bad = rows
    for row in good:
        with worker():
            insert(table, row)
    with pytest.raises(IntegrityError) as refused, worker():
        insert(table, bad)
    # A partition's constraint ends in the partition's number.
    return refused.value.__cause__.diag.constraint_name.rstrip("_01234567")
