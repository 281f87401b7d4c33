import os
import signal

from devtools.postgres import Cluster, PostgresError
from devtools.postgres.server import Server
from tests.devtools.test_embedded_postgres import cluster, elsewhere, folder  # noqa: F401
from tests.support.database.clusters import postmaster

STILL_IN_USE = """
2026-11-24 12:00:00.531 UTC [13954] FATAL:  pre-existing shared memory block is still in use
2026-11-24 12:00:00.531 UTC [13954] LOG:  database system is shut down
2026-11-24 12:00:00.563 UTC [13943] FATAL:  terminating connection due to unexpected postmaster exit
"""


def test_a_revived_server_has_its_old_address(cluster):  # noqa: F811
    before = cluster.environment()

    os.kill(postmaster(cluster), signal.SIGKILL)
    cluster.start()

    assert cluster.environment() == before


def test_it_waits_for_the_killed_servers_children_whoever_speaks_last(cluster, monkeypatch):  # noqa: F811
    """In the log that they share, the last one to end may write behind the new server's reason."""
    os.kill(postmaster(cluster), signal.SIGKILL)
    start, refusals = Server._pg_ctl, [STILL_IN_USE]

    def pg_ctl(server, *arguments):
        if refusals:
            with (server.data / "server.log").open("a") as log:
                log.write(refusals.pop())
            raise PostgresError("Examine the log output.")
        start(server, *arguments)

    monkeypatch.setattr(Server, "_pg_ctl", pg_ctl)
    cluster.start()

    assert cluster.is_alive()


def test_a_killed_user_leaves_a_server_that_the_next_one_takes_over(folder):  # noqa: F811
    elsewhere(folder, "os.kill(os.getpid(), signal.SIGKILL)").communicate()
    left = Cluster(folder)
    server = postmaster(left)

    with left:
        assert postmaster(left) == server

    assert not left.is_alive()


def test_two_first_starts_at_once_share_one_server(folder):  # noqa: F811
    code = "print(cluster.is_new); cluster.connect().close(); cluster.stop()"

    starts = [elsewhere(folder, code), elsewhere(folder, code)]
    told = sorted(start.communicate()[0] for start in starts)

    assert told == ["False\n", "True\n"]
    assert [start.returncode for start in starts] == [0, 0]


def test_an_initdb_that_was_killed_is_done_again(folder):  # noqa: F811
    half = folder / "half-1"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")

    with Cluster(folder, durable=False) as begun:
        assert begun.is_new

    assert not half.exists()


def test_a_process_that_got_the_killed_servers_number_is_no_server(cluster):  # noqa: F811
    cluster.stop()
    notes = cluster.folder / "data" / "postmaster.pid"
    notes.write_text(f"{os.getpid()}\n{cluster.folder / 'data'}\n")

    with cluster:
        cluster.connect().close()


def test_it_starts_below_a_private_folder(tmp_path):
    tmp_path.chmod(0o700)
    below = Cluster(tmp_path / "postgres", durable=False).start()

    below.connect().close()
    below.remove()

    assert not below.is_alive()
