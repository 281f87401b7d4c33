import contextlib
import fcntl
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from devtools.postgres import Cluster
from devtools.setup.database import LOCAL, ROOT

SETTINGS = {
    "DEVTOOLS": "on",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "SERVED_OVER_HTTPS": "off",
}


OF_COMMANDS = {"DATABASE_WORKER_URL", "DATABASE_OWNER_URL"}


class CommandFailed(Exception):
    """Its text is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Project:
    environment: dict[str, str]

    @property
    def environment_to_serve(self) -> dict[str, str]:
        """Without what only commands need: as a production server should have it."""
        return {name: text for name, text in self.environment.items() if name not in OF_COMMANDS}

    @property
    def serves_static_from_source(self) -> bool:
        """While they are being written: `DEBUG=on python3 dev.py run`."""
        return self.environment["STATIC_FROM_SOURCE"] == "on"

    @classmethod
    def on(cls, cluster: Cluster | None) -> "Project":
        environment = {"SECRET_KEY": secret_key()} | os.environ | SETTINGS
        environment["STATIC_FROM_SOURCE"] = environment.get("DEBUG", "off")
        if cluster is not None:
            environment |= cluster.environment()
            environment["PATH"] += f"{os.pathsep}{cluster.bin}"  # psql, for `manage dbshell`
        return cls(environment)

    def manage(self, *arguments: str) -> int:
        """Pass on to manage.py, which answers Ctrl-C itself. Return its exit code."""
        return subprocess.run(manage_py(*arguments), env=self.environment).returncode

    def prepare(self, *arguments: str) -> None:
        """Run a command to its end, one at a time.

        Ctrl-C does not reach it, it would answer with a traceback. It inherits the lock, and so
        keeps it if we are killed: the next run waits for it instead of doing the same beside it.
        """
        with (LOCAL / "command.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with subprocess.Popen(
                manage_py(*arguments),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                pass_fds=[lock.fileno()],
                process_group=0,
            ) as command:
                wait_or_end(command)
        if command.returncode:
            raise CommandFailed(f"`manage.py {' '.join(arguments)}` failed, see above.")


def wait_or_end(command: subprocess.Popen[bytes]) -> None:
    try:
        command.wait()
    except BaseException:
        command.terminate()
        raise


def manage_py(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def secret_key() -> str:
    """Made once: another one would end everybody's session."""
    path = LOCAL / "secret_key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=LOCAL) as fresh:
            fresh.write(secrets.token_urlsafe(50))
            fresh.flush()
            with contextlib.suppress(FileExistsError):
                os.link(fresh.name, path)  # whole, or not at all
    return path.read_text()
