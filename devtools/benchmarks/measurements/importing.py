"""The import command beside a raw COPY: G10."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from psycopg import sql

from devtools.benchmarks.additions import (
    FOR_IMPORT,
    VACUUM,
    additions,
    columns,
    remove_additions,
    write_file,
)
from devtools.benchmarks.database import Database
from devtools.benchmarks.goals import Measured, NotMeasurable, at_least
from devtools.benchmarks.site import Site
from devtools.benchmarks.totals import require_right_totals
from devtools.setup.environment import manage_py

MOST = 200_000
CLIENT = "client-00"
READ_BYTES = 1024 * 1024


def importing(site: Site) -> Iterator[Measured]:
    rows = min(MOST, site.rows // 50)
    with additions(site.database, site.rows, rows):
        turns = in_turns(site, rows)
    imported, copied = (rows / median(seconds) for seconds in zip(*turns, strict=True))
    figure = f"{imported:,.0f} rows/s, raw COPY {copied:,.0f}"
    yield Measured(f"import of {rows:,} rows", figure, imported / copied, at_least(0.5))


def in_turns(site: Site, rows: int) -> list[tuple[float, float]]:
    files = site.folder / "import.csv", site.folder / "copy.csv"
    write_file(site.database, FOR_IMPORT, files[0])
    write_file(site.database, for_copy(site.database), files[1])
    turns = []
    for _ in range(site.rounds):
        copied = seconds_of_copy(site.database, files[1])
        turns.append((seconds_of_import(site.database, files[0], rows), copied))
        require_right_totals(site.database)
        remove_additions(site.database, site.rows)
    return turns


def for_copy(database: Database) -> str:
    with database.connect() as connection:
        return f"select {', '.join(columns(connection))} from benchmark.fresh order by number"  # noqa: S608  # our own names


def seconds_of_import(database: Database, file: Path, rows: int) -> float:
    """Raise NotMeasurable when the report does not say that all of them are new."""
    command = manage_py("import_transactions", str(file), f"--client={CLIENT}")
    started = time.perf_counter()
    done = subprocess.run(command, env=database.project.environment, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if f"read {rows}, new {rows}," not in done.stdout:
        raise NotMeasurable(f"the import tells: {done.stdout or done.stderr}")
    return seconds


def seconds_of_copy(database: Database, file: Path) -> float:
    """Time a superuser's COPY into the table with its indexes, checks and foreign keys; undone.

    Nothing is compared, and no totals are kept: their triggers sleep.
    """
    with database.connect() as connection, file.open("rb") as written:
        names = sql.SQL(written.readline().decode().strip())
        connection.execute("begin; alter table transactions_transaction disable trigger user")
        copy_in = sql.SQL("copy transactions_transaction ({}) from stdin csv").format(names)
        started = time.perf_counter()
        with connection.cursor().copy(copy_in) as copy:
            while chunk := written.read(READ_BYTES):
                copy.write(chunk)
        seconds = time.perf_counter() - started
        connection.execute("rollback")
        connection.execute(VACUUM)
    return seconds
