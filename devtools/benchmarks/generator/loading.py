"""Writes the transactions of rows.sql: indexes apart meanwhile, then built; totals added up once.

Nothing of what the schema guarantees is left out. Checks hold for each row as it is written; what
is only asked afterwards (foreign keys, uniqueness) is asked by PostgreSQL itself, of every row.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from psycopg import sql

from devtools.benchmarks.database import Connection, Database
from devtools.benchmarks.totals import rebuild_totals

CHUNK = 50_000  # transactions that one statement writes
AT_ONCE = os.cpu_count() or 1

WRITE = """
    insert into transactions_transaction ({columns})
    select {columns} from benchmark.transactions(%s, %s, %s)
"""
ASLEEP = "set session_replication_role = replica"
# The market is small: hashed, it leaves the rows in the order of their numbers, which is of time.
IN_ORDER = "set enable_mergejoin = off; set work_mem = '64MB'"
COLUMNS = """
    select attname from pg_attribute
    where attrelid = 'transactions_transaction'::regclass and attnum > 0 and not attisdropped
        and attgenerated = ''
"""
# The catalog has those of the whole table `on only` it, without those of its partitions.
INDEXES = """
    select indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
    from pg_index where indrelid = 'transactions_transaction'::regclass and not indisunique
"""
UNIQUE = """
    select conname, pg_get_constraintdef(oid) from pg_constraint
    where conrelid = 'transactions_transaction'::regclass and contype = 'u'
"""
FOREIGN_KEYS = """
    select conname from pg_constraint
    where conrelid = 'transactions_transaction'::regclass and contype = 'f'
"""
ALTER = "alter table transactions_transaction "
MEMORY = "set maintenance_work_mem = '1GB'"


def load(database: Database, rows: int) -> None:
    with database.connect() as connection:
        indexes, constraints = take_away_indexes(connection)
        firsts = range(1, rows + 1, CHUNK)
        side_by_side(partial(write, database, first, rows) for first in firsts)
        side_by_side(
            [
                partial(rebuild_totals, database),
                *(partial(database.execute, MEMORY, definition) for definition in indexes),
            ]
        )
        database.execute(MEMORY, *constraints)  # each has the table to itself
        verify_foreign_keys(connection)
        number = "pg_get_serial_sequence('transactions_transaction', 'id')"
        connection.execute(f"select setval({number}, %s)", [rows])
        connection.execute("vacuum (freeze, analyze)")


def side_by_side(jobs: Iterable[Callable[[], object]]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


def write(database: Database, first: int, whole: int) -> None:
    """Triggers sleep: totals are rebuilt at the end, and foreign keys verified."""
    last = min(first + CHUNK - 1, whole)
    with database.connect() as connection:
        connection.execute(ASLEEP)
        connection.execute(IN_ORDER)
        names = sql.SQL(", ").join(sql.Identifier(n) for (n,) in connection.execute(COLUMNS))
        connection.execute(sql.SQL(WRITE).format(columns=names), [first, last, whole])


def take_away_indexes(connection: Connection) -> tuple[list[str], list[str]]:
    indexes, constraints = [], []
    for name, definition in connection.execute(INDEXES).fetchall():
        indexes.append(definition)
        connection.execute(f"drop index {name}")
    for name, definition in connection.execute(UNIQUE).fetchall():
        constraints.append(f"{ALTER} add constraint {name} {definition}")
        connection.execute(f"{ALTER} drop constraint {name}")
    return indexes, constraints


def verify_foreign_keys(connection: Connection) -> None:
    """PostgreSQL reads all rows when a key is enforced that was not."""
    for (name,) in connection.execute(FOREIGN_KEYS).fetchall():
        connection.execute(f"{ALTER} alter constraint {name} not enforced")
        connection.execute(f"{ALTER} alter constraint {name} enforced")
