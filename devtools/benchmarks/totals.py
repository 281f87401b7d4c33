"""The totals that the database keeps: what `manage.py` does to them, without its start."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from psycopg import sql

from devtools.benchmarks.database import Database
from devtools.benchmarks.goals import NotMeasurable

WORKER = "paykassma_worker"
# All that check_totals asks.
DIFFERENCES = r"""
    select oid::regproc::text from pg_proc
    where pronamespace = 'public'::regnamespace and proname like '%\_differences'
"""


def rebuild_totals(database: Database) -> None:
    with database.connect(WORKER) as connection:
        connection.execute("select rebuild_totals(null)")
        connection.execute("select compact_totals()")


def require_right_totals(database: Database) -> None:
    """Raise NotMeasurable where they are not those of the transactions."""
    with database.connect(WORKER) as connection:
        for (name,) in connection.execute(DIFFERENCES).fetchall():
            found = connection.execute(sql.SQL("select {}(null) limit 1").format(sql.SQL(name)))
            if difference := found.fetchone():
                raise NotMeasurable(f"check_totals finds {name.split('_')[0]}={difference[0]}")


@contextmanager
def compacting(database: Database) -> Iterator[None]:
    """Compact as the worker does, but every second."""
    over = Event()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(compact_until, over, database)
        try:
            yield
        finally:
            over.set()
    done.result()


def compact_until(over: Event, database: Database) -> None:
    with database.connect(WORKER) as connection:
        while not over.wait(1):
            connection.execute("select compact_totals()")
