"""The process that works in the background beside gunicorn: `manage.py run_jobs`."""

import subprocess
import sys
from types import TracebackType

from devtools.setup.database import ROOT
from devtools.setup.environment import Project
from devtools.setup.server import end

RUN = (
    "import runpy, sys, threading;"
    " from devtools.setup.gunicorn_settings import end_with_the_runner;"
    " threading.Thread(target=end_with_the_runner, daemon=True).start();"
    " sys.argv[:] = ['manage.py', 'run_jobs']; runpy.run_path(sys.argv[0], run_name='__main__')"
)


class Worker:
    """It ends with the runner, even with one that is killed, and is started again by it."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        end(self.process)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN],
            cwd=ROOT,
            env=self.project.environment,
            stdin=subprocess.PIPE,
            process_group=0,
        )

    def restart_if_ended(self) -> None:
        if self.process.poll() is not None:
            self.start()
