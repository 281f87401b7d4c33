"""The cluster that everything is measured on: filled once, in a folder of its own."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from devtools.benchmarks.additions import remove_additions
from devtools.benchmarks.database import Database
from devtools.benchmarks.generator.loading import load
from devtools.benchmarks.generator.size import LAST_DAY
from devtools.benchmarks.totals import rebuild_totals
from devtools.postgres import DATABASE, Cluster, PostgresError
from devtools.setup.database import Notes
from devtools.setup.preparation import say
from devtools.setup.static_files import collect_static_files

PREFIX = "paykassma-bench-"
SMALLER = "paykassma_tenth"
NOTE = "benchmark"
BEGIN = f"""
from datetime import date
from django.core.management import call_command
from devtools.benchmarks.generator.market import make_market
call_command("migrate", database="owner", verbosity=0)
make_market(date.fromisoformat("{LAST_DAY}"))
"""


@contextmanager
def benchmark_databases(rows: int, keep: Path | None) -> Iterator[tuple[Database, Database]]:
    remove_leftovers()
    folder = keep or Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        is_new = fill_once(folder, rows)
        with Cluster(folder) as cluster:  # durable: measured like production
            databases = Database(cluster), Database(cluster, SMALLER)
            if not is_new:
                bring_up_to_date(*databases, rows)
            collect_static_files(databases[0].project)
            os.sync()  # the gigabytes that were just written reach the disk now, not meanwhile
            yield databases
    finally:
        if keep is None:
            Cluster(folder).remove()


def fill_once(folder: Path, rows: int) -> bool:
    """Whether it had to be, without waiting for the disk.

    Raise PostgresError where `folder` has something else.
    """
    wanted = f"{rows:,} transactions by generator {digest_of_generator()}"
    with Cluster(folder, durable=False) as cluster:
        notes = Notes(cluster)
        if notes.get(NOTE) == wanted:
            return False
        if not cluster.is_new:
            found = notes.get(NOTE) or "something else, or half of it"
            raise PostgresError(f"{folder} has {found}, not {wanted}. Delete it, or name another.")
        fill(cluster, rows)
        notes.write(NOTE, wanted)
        return True


def fill(cluster: Cluster, rows: int) -> None:
    database, smaller = Database(cluster), Database(cluster, SMALLER)
    say("Making a database …")
    database.project.prepare("shell", "--verbosity=0", "--command", BEGIN)
    with cluster.connect("postgres") as connection:
        connection.execute(f"create database {SMALLER} template {DATABASE} owner paykassma_owner")
    for each, size in ((smaller, rows // 10), (database, rows)):
        started = time.monotonic()
        load(each, size)
        say(f"Generated {size:,} transactions in {time.monotonic() - started:.0f} s.")


def bring_up_to_date(database: Database, smaller: Database, rows: int) -> None:
    for each in (database, smaller):
        each.project.prepare("migrate", "--database=owner", "--verbosity=0")
    if remove_additions(database, rows):
        say("The last benchmark was killed while it wrote. Rebuilding the totals …")
        rebuild_totals(database)


def digest_of_generator() -> str:
    digest = hashlib.sha256()
    for file in sorted((Path(__file__).parent / "generator").glob("*.*")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def remove_leftovers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        if folder.stat().st_uid == os.geteuid() and pid.isdigit() and not is_alive(int(pid)):
            Cluster(folder).remove()


def is_alive(pid: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
