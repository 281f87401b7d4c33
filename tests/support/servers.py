import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parents[2]


@contextmanager
def run_server(folder, begin, *options, **environment):
    """Its host and port; in `folder` it finds `begin`, which it runs before it serves.

    `environment` is what differs from that of the tests: DATABASE_URL, for another database.
    """
    (folder / "begun.py").write_text(
        f"{begin}\nfrom paykassma_admin.wsgi import application\n", encoding="utf-8"
    )
    database = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{database}",
        "DATABASE_BACKOFFICE_URL": "",  # as web alone: what serves members in production
        "ALLOWED_HOSTS": "127.0.0.1",
        "PYTHONPATH": str(folder),
        **environment,
    }
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        command = [sys.executable, "-m", "gunicorn", "begun", "--worker-class=gthread"]
        command += ["--graceful-timeout=1", "--log-level=critical", "--no-control-socket"]
        command += [*options, f"--bind=fd://{listener.fileno()}"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[listener.fileno()]
        ) as gunicorn:
            yield listener.getsockname()
            gunicorn.terminate()
