"""Rows into tables by COPY: several times as fast as bulk_create."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def copy_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[int]:
    """The ids of the new rows, in order.

    By way of a temporary table: COPY into one under row-level security is refused.
    """
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"create temporary table copied as select {names} from {table} limit 0")  # noqa: S608  # our own names
        with cursor.copy("copy copied from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"insert into {table} ({names}) select * from copied returning id")  # noqa: S608  # our own names
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("drop table copied")
    return ids
