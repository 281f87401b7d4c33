import contextlib
import signal
import subprocess
from collections.abc import Sequence

from devtools.postgres import Cluster
from devtools.setup.database import own_or_given
from devtools.setup.environment import CommandFailed, Project
from devtools.setup.preparation import has_demo, is_unused, migrate, prepare, say
from devtools.setup.server import NAME, gunicorn, listen, wait_until_it_answers
from devtools.setup.static_files import collect_static_files
from devtools.setup.worker import Worker

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


def serve(cluster: Cluster | None, project: Project, port: int) -> None:
    listener = listen(port)
    port = listener.getsockname()[1]
    with gunicorn(listener, project) as server:
        wait_until_it_answers(server, port)
        print(f"\nPaykassma Admin is at http://{NAME}:{port}/", flush=True)
        if cluster is not None and has_demo(cluster):
            print(DEMO_LOGINS, flush=True)
        print("Ctrl-C ends it.", flush=True)
        with Worker(project) as worker:
            watch(server, worker, cluster)


def watch(server: subprocess.Popen[bytes], worker: Worker, cluster: Cluster | None) -> None:
    """Return when gunicorn has ended. What else was killed is brought up again."""
    while True:
        try:
            server.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if cluster is not None and not cluster.is_alive():
                say("PostgreSQL was killed; bringing it up again …")
                cluster.start()
            worker.restart_if_ended()
        else:
            say("The server was killed. Nothing is lost: start it again.")
            return
