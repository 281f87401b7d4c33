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
INDEXES = """
    select indexrelid::regclass::text, pg_get_indexdef(indexrelid), conname,
        array(
            select format('alter index %s alter %s set statistics %s',
                indexrelid::regclass, attnum, attstattarget)
            from pg_attribute where attrelid = indexrelid and attstattarget >= 0
        )
    from pg_index left join pg_constraint on conindid = indexrelid and conrelid = indrelid
    where indrelid = 'transactions_transaction'::regclass and not indisprimary
"""
FOREIGN_KEYS = """
    select conname from pg_constraint
    where conrelid = 'transactions_transaction'::regclass and contype = 'f'
"""
ALTER = "alter table transactions_transaction "


def load(database: Database, rows: int) -> None:
    with database.connect() as connection:
        indexes = take_away_indexes(connection)
        firsts = range(1, rows + 1, CHUNK)
        side_by_side(partial(write, database, first, rows) for first in firsts)
        side_by_side(
            [
                partial(rebuild_totals, database),
                *(partial(database.execute, *statements) for statements in indexes),
            ]
        )
        verify_foreign_keys(connection)
        number = "pg_get_serial_sequence('transactions_transaction', 'id')"
        connection.execute(f"select setval({number}, %s)", [rows])
        connection.execute("vacuum (freeze, analyze)")


def side_by_side(jobs: Iterable[Callable[[], object]]) -> None:
    """In their order, as many at once as there are cores."""
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


def take_away_indexes(connection: Connection) -> list[list[str]]:
    """Returns for each the statements that bring it back, as the catalog has it."""
    back = []
    for name, definition, constraint, statistics in connection.execute(INDEXES).fetchall():
        back.append(["set maintenance_work_mem = '1GB'", definition, *statistics])
        if constraint:
            # So it is built beside the others; as a constraint it would have the table to itself.
            back[-1].append(f"{ALTER} add constraint {constraint} unique using index {name}")
            connection.execute(f"{ALTER} drop constraint {constraint}")
        else:
            connection.execute(f"drop index {name}")
    return back


def verify_foreign_keys(connection: Connection) -> None:
    """PostgreSQL reads all rows when a key is enforced that was not."""
    for (name,) in connection.execute(FOREIGN_KEYS).fetchall():
        connection.execute(f"{ALTER} alter constraint {name} not enforced")
        connection.execute(f"{ALTER} alter constraint {name} enforced")
