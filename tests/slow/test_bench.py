"""`dev.py bench`, small: that all of it works. Times are not judged."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import dev
from devtools.benchmarks import ground
from devtools.benchmarks.bench import GOALS
from devtools.benchmarks.database import Database
from devtools.benchmarks.totals import require_right_totals
from devtools.postgres import Cluster
from tests.support.database.clusters import new_folder

ROOT = Path(__file__).parents[2]
ROWS = 100_000

# What 1,000 of the rows are, whatever the machine.
ROWS_WRITTEN = """
    select md5(string_agg(row(
        id, number, direction, type, status, amount, currency, country, label, order_number,
        counterparty, usd_rate, amount_usd, usd_rate_source, usd_rate_at, logged_at, activated_at,
        recorded_at, forced_by, forced_at, forced_reason, client_id, payment_system_id, wallet_id,
        counterparty_key
    )::text, '|' order by id)) from transactions_transaction
    where id % 100 = 7
"""
DIGEST = "0adaf13f43a6074ad5901cb14a4cae67"


@pytest.fixture(scope="module")
def folder():
    folder = new_folder()
    yield folder
    Cluster(folder).remove()


@pytest.fixture(scope="module")
def run(folder):
    return subprocess.run(
        [sys.executable, "dev.py", "bench", f"--rows={ROWS}", "--seconds=0", f"--keep={folder}"],
        cwd=ROOT,
        env=os.environ | {dev.IS_SET_UP: "yes"},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def kept_database(run, folder):
    with Cluster(folder, durable=False) as cluster:
        yield Database(cluster)


def test_every_goal_is_told_with_a_figure(run):
    told = [line.split()[0] for line in run.stdout.splitlines() if line.startswith("G")]

    assert set(told) == set(GOALS), run.stderr
    assert "not measured" not in run.stdout


def test_a_goal_that_is_not_met_is_an_exit_code(run):
    assert run.returncode == ("NOT MET" in run.stdout)


def test_the_same_arguments_give_the_same_rows(kept_database):
    with kept_database.connect() as connection:
        [written] = connection.execute(ROWS_WRITTEN).fetchall()

    assert written == (DIGEST,)


def test_nothing_that_was_written_meanwhile_is_left(kept_database):
    with kept_database.connect() as connection:
        [counted] = connection.execute("select count(*) from transactions_transaction").fetchall()

    assert counted == (ROWS,)
    require_right_totals(kept_database)


def test_a_benchmark_that_is_interrupted_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(ground, "fill_once", interrupt)

    with pytest.raises(KeyboardInterrupt), ground.benchmark_databases(ROWS, None):
        pass

    assert not list(tmp_path.iterdir())


def interrupt(folder, rows):
    assert folder.exists()
    raise KeyboardInterrupt
