import contextlib
import itertools
import signal
import subprocess
from collections.abc import Sequence

import psycopg

from devtools.postgres import Cluster
from devtools.setup.database import own_or_given
from devtools.setup.environment import CommandFailed, Project
from devtools.setup.preparation import has_demo, is_unused, migrate, prepare, say
from devtools.setup.server import NAME, gunicorn, listen, wait_until_it_answers
from devtools.setup.static_files import collect_static_files

COMPACTED_EVERY = 10  # seconds

DEMO_LOGINS = """
    alpha   alpha-demo-password    owner of the Client Alpha
    beta    beta-demo-password     owner of the Client Beta
    admin   admin-demo-password    administrator, at /admin/
"""


def run(*, port: int, empty: bool, transactions: int | None) -> int:
    """Serve until Ctrl-C or SIGTERM; that is a good end, anything else is not."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        with own_or_given() as cluster:
            project = Project.on(cluster)
            prepare(cluster, project, empty=empty, transactions=transactions)
            if not project.serves_static_from_source:
                collect_static_files(project)
            serve(cluster, project, port)
    except KeyboardInterrupt:
        return 0
    return 1


def manage(arguments: Sequence[str]) -> int:
    with own_or_given() as cluster:
        project = Project.on(cluster)
        if cluster is not None and is_unused(cluster) and "migrate" not in arguments:
            with contextlib.suppress(CommandFailed):  # it has told; `makemigrations` may mend it
                migrate(cluster, project)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGINT, lambda *_: None)  # the command gets and answers it, too
        return project.manage(*arguments)


def compact_totals(cluster: Cluster) -> None:
    """Correct without it, quick with it. It may be down at this very moment: then later."""
    with contextlib.suppress(psycopg.Error), cluster.connect() as connection:
        if connection.execute("select compact_totals()").fetchone() == (0,):
            connection.execute("vacuum transactions_delta")  # nobody writes, for whom it would wait


def serve(cluster: Cluster | None, project: Project, port: int) -> None:
    listener = listen(port)
    port = listener.getsockname()[1]
    with gunicorn(listener, project) as server:
        wait_until_it_answers(server, port)
        print(f"\nPaykassma Admin is at http://{NAME}:{port}/", flush=True)
        if cluster is not None and has_demo(cluster):
            print(DEMO_LOGINS, flush=True)
        print("Ctrl-C ends it.", flush=True)
        watch(server, cluster)


def watch(server: subprocess.Popen[bytes], cluster: Cluster | None) -> None:
    """Return when gunicorn has ended. A PostgreSQL that was killed is brought up again."""
    for second in itertools.count(1):
        try:
            server.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if cluster is not None and not cluster.is_alive():
                say("PostgreSQL was killed; bringing it up again …")
                cluster.start()
            elif cluster is not None and second % COMPACTED_EVERY == 0:
                compact_totals(cluster)
        else:
            say("The server was killed. Nothing is lost: start it again.")
            return
