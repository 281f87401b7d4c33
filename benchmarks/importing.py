"""The import command beside a raw COPY: G10."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from psycopg import sql

from benchmarks.additions import FOR_IMPORT, additions, columns, write_file
from benchmarks.database import Database
from benchmarks.goals import Measured, NotMeasurable, at_least
from benchmarks.site import Site
from benchmarks.totals import require_right_totals
from paykassma_admin.local.environment import manage_py

MOST = 200_000
CLIENT = "client-00"
READ_BYTES = 1024 * 1024


def importing(site: Site) -> Iterator[Measured]:
    rows = min(MOST, site.rows // 50)
    files = site.folder / "import.csv", site.folder / "copy.csv"
    with additions(site.database, site.rows, rows):
        write_file(site.database, FOR_IMPORT, files[0])
        write_file(site.database, for_copy(site.database), files[1])
        copied = rows / seconds_of_copy(site.database, files[1])
        imported = rows / seconds_of_import(site.database, files[0], rows)
        require_right_totals(site.database)
    figure = f"{imported:,.0f} rows/s, raw COPY {copied:,.0f}"
    yield Measured(f"import of {rows:,} rows", figure, imported / copied, at_least(0.5))


def for_copy(database: Database) -> str:
    with database.connect() as connection:
        return f"select {', '.join(columns(connection))} from benchmark.fresh order by number"  # noqa: S608  # our own names


def seconds_of_import(database: Database, file: Path, rows: int) -> float:
    """Raises NotMeasurable when the report does not say that all of them are new."""
    command = manage_py("import_transactions", str(file), f"--client={CLIENT}")
    started = time.perf_counter()
    done = subprocess.run(command, env=database.project.environment, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if f"read {rows}, new {rows}," not in done.stdout:
        raise NotMeasurable(f"the import tells: {done.stdout or done.stderr}")
    return seconds


def seconds_of_copy(database: Database, file: Path) -> float:
    """By a superuser into the table itself, with all its indexes and checks; undone again.

    Its triggers and foreign keys sleep: no totals, and nothing compared.
    """
    with database.connect() as connection, file.open("rb") as written:
        names = sql.SQL(written.readline().decode().strip())
        connection.execute("begin; set local session_replication_role = replica")
        copy_in = sql.SQL("copy transactions_transaction ({}) from stdin csv").format(names)
        started = time.perf_counter()
        with connection.cursor().copy(copy_in) as copy:
            while chunk := written.read(READ_BYTES):
                copy.write(chunk)
        seconds = time.perf_counter() - started
        connection.execute("rollback")
        connection.execute("vacuum transactions_transaction")
    return seconds
