import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import environ
import pytest
from psycopg.errors import InsufficientPrivilege

from devtools.postgres import Cluster, PostgresError
from devtools.postgres.programs import Programs
from tests.support.database.clusters import bin_of_17, new_folder, postmaster

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder():
    folder = new_folder()
    yield folder
    Cluster(folder).remove()


@pytest.fixture
def cluster(folder):
    return Cluster(folder, durable=False).start()


@pytest.fixture(scope="module")
def shared_cluster():
    cluster = Cluster(new_folder(), durable=False).start()
    yield cluster
    cluster.remove()


def elsewhere(folder: Path, code: str) -> subprocess.Popen[str]:
    script = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from devtools.postgres import Cluster\n"
        f"cluster = Cluster(Path({str(folder)!r}), durable=False).start()\n{code}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_a_killed_server_loses_nothing_committed(folder):
    cluster = Cluster(folder).start()
    with cluster.connect(user="paykassma_owner") as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept select generate_series(1, 200)")

    os.kill(postmaster(cluster), signal.SIGKILL)
    cluster.start()

    with cluster.connect() as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (200,)


@pytest.mark.slow
def test_a_second_process_joins_and_leaves_the_server_up(cluster):
    server = postmaster(cluster)

    told, _ = elsewhere(cluster.folder, "print(cluster.is_new); cluster.stop()").communicate()

    assert told == "False\n"
    assert postmaster(cluster) == server
    assert cluster.is_alive()


@pytest.mark.slow
def test_the_last_to_leave_stops_the_server(cluster):
    other = Cluster(cluster.folder).start()

    cluster.stop()
    assert other.is_alive()

    other.stop()
    assert not other.is_alive()


def test_no_role_passes_row_level_security(shared_cluster):
    with shared_cluster.connect() as connection:
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls from pg_roles"
            " where rolname like 'paykassma%' order by 1"
        ).fetchall()

    assert roles == [
        ("paykassma_backoffice", False, False),
        ("paykassma_owner", False, False),
        ("paykassma_web", False, False),
        ("paykassma_worker", False, False),
    ]


@pytest.mark.parametrize("role", ["worker", "backoffice", "owner"])
def test_web_cannot_step_into_another_role(shared_cluster, role):
    with (
        shared_cluster.connect(user="paykassma_web") as connection,
        pytest.raises(InsufficientPrivilege),
    ):
        connection.execute(f"set role paykassma_{role}")


def test_back_office_has_the_rights_of_worker(shared_cluster):
    with shared_cluster.connect(user="paykassma_backoffice") as connection:
        inherits = "select pg_has_role('paykassma_worker', 'usage')"
        assert connection.execute(inherits).fetchone() == (True,)

        connection.execute("set role paykassma_web")

        assert connection.execute(inherits).fetchone() == (False,)


def test_a_new_database_may_search_by_index_under_row_level_security(shared_cluster):
    with shared_cluster.connect("postgres", user="paykassma_owner") as connection:
        connection.execute("create database another")

    with shared_cluster.connect("another") as connection:
        leakproof = connection.execute(
            "select proleakproof from pg_proc where oid = 'textlike(text,text)'::regprocedure"
        ).fetchone()

    assert leakproof == (True,)


def test_addresses_are_read_as_they_are_meant(shared_cluster):
    address = environ.Env().db_url_config(shared_cluster.environment("one")["DATABASE_WORKER_URL"])

    assert Path(address["HOST"]).is_dir()
    assert (address["USER"], address["NAME"]) == ("paykassma_worker", "one")


def test_capital_letters_are_not_latin_only(shared_cluster):
    with shared_cluster.connect() as connection:
        assert connection.execute("select upper('привет')").fetchone() == ("ПРИВЕТ",)


def test_a_folder_without_postgresql_is_refused_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PAYKASSMA_PG_BIN", str(tmp_path))

    with pytest.raises(PostgresError, match=r"There is no pg_ctl in .*PAYKASSMA_PG_BIN"):
        Cluster(tmp_path / "postgres")


def test_another_wheel_that_nobody_may_enter_is_copied_too(monkeypatch):
    monkeypatch.setenv("PAYKASSMA_PG_BIN", str(bin_of_17()))
    monkeypatch.setattr(Programs, "can_enter", lambda self, folder: False)

    programs = Programs()

    copy = programs.bin.parents[2]
    assert copy != bin_of_17().parents[2]
    told = subprocess.run([programs.bin / "postgres", "--version"], capture_output=True, text=True)
    shutil.rmtree(copy)
    assert "17." in told.stdout
