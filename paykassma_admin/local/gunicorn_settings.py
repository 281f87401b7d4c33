"""gunicorn's settings for `dev.py run`: its own, and that it ends with the runner that started it.

A runner that is killed can stop nothing any more. Its end of gunicorn's standard input closes then.
"""

import os
import signal
import threading
from typing import Any

worker_class = "gthread"
workers = 2
threads = 32  # most wait: for the database, or for their turn
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
