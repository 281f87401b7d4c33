"""gunicorn's settings for `dev.py run`: production's, and that it ends with the runner.

A runner that is killed can stop nothing any more. Its end of gunicorn's standard input closes then.
"""

import os
import signal
import threading
from typing import Any

from paykassma_admin.gunicorn_settings import (  # noqa: F401 - gunicorn reads them here
    control_socket_disable,
    limit_request_line,
    threads,
    worker_class,
    workers,
)

keepalive = 75
preload_app = True  # else each worker imports everything, at the same time
graceful_timeout = 1  # a browser that keeps its connection open makes each end wait as long
loglevel = "warning"


def when_ready(server: Any) -> None:
    threading.Thread(target=end_with_the_runner, daemon=True).start()


def end_with_the_runner() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
