"""Eight writers who cross, beside a compactor; then again, with PostgreSQL killed in the middle.

For longer, and with what it came to:

    CROSSING_SECONDS=60 python3 dev.py test tests/slow/test_crossing.py -rP
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from devtools.benchmarks.additions import make_additions
from devtools.benchmarks.database import Database
from devtools.benchmarks.generator.loading import load
from devtools.benchmarks.ground import BEGIN
from devtools.benchmarks.writers import Fate, write_together, writers
from devtools.postgres import Cluster
from tests.slow.survivors import Compactor, Survivor
from tests.support.database.clusters import new_folder, postmaster

ROOT = Path(__file__).parents[2]
SECONDS = float(os.environ.get("CROSSING_SECONDS", "2"))
ROWS, FRESH, BATCH = 5_000, 2_000, 20

# Of each batch: how many rows there are, and how many of them are declined.
BATCHES = r"""
    select substring(number from '^\d+-\d+-'), count(*), count(*) filter (where status = 'declined')
    from transactions_transaction where id > %s group by 1
"""
PROCESSES = "select pid from pg_stat_activity where pid <> pg_backend_pid()"
LAST = "select max(id) from transactions_transaction"


@pytest.fixture(scope="module")
def database():
    cluster = Cluster(new_folder()).start()
    try:
        told = manage(cluster, "shell", "--verbosity=0", "--command", BEGIN)
        assert told.returncode == 0, told.stderr
        load(Database(cluster), ROWS)
        make_additions(Database(cluster), ROWS, FRESH)
        yield Database(cluster)
    finally:
        cluster.remove()


def manage(cluster, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | cluster.environment(),
        capture_output=True,
        text=True,
    )


def test_writers_who_cross_never_deadlock_and_totals_stay_exact(database):
    eight = write_and_check(database)

    assert [writer.outages for writer in eight] == [0] * len(eight)


def postmaster_alone(database):
    return [postmaster(database.cluster)]


def every_process(database):
    return [postmaster(database.cluster), *(pid for (pid,) in fetch_all(database, PROCESSES))]


@pytest.mark.parametrize("struck", [postmaster_alone, every_process])
def test_a_server_that_is_killed_loses_nothing_that_was_committed(database, struck):
    eight = write_and_check(database, meanwhile=lambda: kill_and_revive(database, struck))

    assert all(writer.outages for writer in eight)


def write_and_check(database, meanwhile=lambda: None):
    [(last,)] = fetch_all(database, LAST)
    compactor = Compactor(database, pause=min(1, SECONDS / 20))
    with writers(Survivor, database, BATCH) as eight, compactor.running():
        tally = write_together(eight, SECONDS, meanwhile)
    found = {name: counts for name, *counts in fetch_all(database, BATCHES, last)}
    tell(eight, tally, compactor, found)
    assert (tally.deadlocks, compactor.deadlocks) == (0, 0)
    assert compactor.runs
    assert_as_acknowledged(eight, found)
    assert_right_totals(database)
    return eight


def kill_and_revive(database, struck):
    time.sleep(SECONDS / 2)
    for process in struck(database):
        with suppress(ProcessLookupError):  # children end by themselves soon after
            os.kill(process, signal.SIGKILL)
    database.cluster.start()


def assert_as_acknowledged(eight, found):
    """Each batch is whole or not there: as its writer was told, unless he got no answer."""
    fates, in_doubt = acknowledged_fates(eight)
    assert [name for name, fate in fates.items() if not is_as(fate, *found.get(name, (0, 0)))] == []
    assert {name: rows for name, (rows, _declined) in found.items() if rows != BATCH} == {}
    assert set(found) - set(fates) <= in_doubt


def acknowledged_fates(eight):
    in_doubt = {name for writer in eight for name in writer.in_doubt}
    fates = {name: fate for writer in eight for name, fate in writer.fates.items()}
    return {name: fate for name, fate in fates.items() if name not in in_doubt}, in_doubt


def is_as(fate, rows, declined):
    match fate:
        case Fate.WRITTEN:
            return rows == BATCH
        case Fate.DECLINED:
            return declined == BATCH
        case Fate.DELETED:
            return rows == 0


def assert_right_totals(database):
    told = manage(database.cluster, "check_totals")
    assert (told.returncode, told.stderr) == (0, "")


def fetch_all(database, query, *parameters):
    with database.connect() as connection:
        return connection.execute(query, parameters).fetchall()


def tell(eight, tally, compactor, found):
    fates, in_doubt = acknowledged_fates(eight)
    there = sum(fate is not Fate.DELETED for fate in fates.values())
    print(
        f"{tally.batches:,} batches of {BATCH} rows in {tally.seconds:.0f} s,"
        f" {tally.per_second:,.0f}/s, {tally.deadlocks + compactor.deadlocks} deadlocks,"
        f" {compactor.runs} compactions, {sum(w.outages for w in eight)} connections lost.\n"
        f"{len(fates):,} batches acknowledged, {there:,} of them not deleted again,"
        f" {len(in_doubt)} in doubt; {len(found):,} found."
    )
