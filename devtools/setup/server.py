import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from devtools.setup.database import ROOT
from devtools.setup.environment import CommandFailed, Project

HOST = "127.0.0.1"
NAME = "localhost"  # of it, for browsers: passkeys are of a name, and of no address of digits
STARTS_WITHIN_SECONDS = 60
ENDS_WITHIN_SECONDS = 5


def listen(port: int) -> socket.socket:
    """A listening socket on `port`, or on the first free one after it."""
    for candidate in range(port, min(port + 100, 65536)):
        try:
            return socket.create_server((HOST, candidate), backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CommandFailed(
                    f"Port {candidate} cannot be used: {error.strerror}."
                ) from error
            print(f"Port {candidate} is taken, taking the next.", file=sys.stderr, flush=True)
    raise CommandFailed(f"No port is free from {port} on; choose another with --port.")


@contextlib.contextmanager
def gunicorn(listener: socket.socket, project: Project) -> Iterator[subprocess.Popen[bytes]]:
    """It inherits the socket, so that nobody can take the port in between."""
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "paykassma_admin.wsgi:application"),
            "--config=python:devtools.setup.gunicorn_settings",
            f"--bind=fd://{listener.fileno()}",
        ],
        cwd=ROOT,
        env=project.environment_to_serve,
        stdin=subprocess.PIPE,
        pass_fds=[listener.fileno()],
        process_group=0,
    )
    listener.close()
    try:
        yield server
    finally:
        end(server)


def end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(ENDS_WITHIN_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)  # the workers of a gunicorn that was killed, too
    server.wait()


def wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while not answers(port):
        if server.poll() is not None:
            raise CommandFailed("The server ended at its start, see above.")
        if time.monotonic() > deadline:
            raise CommandFailed(f"The server did not answer within {STARTS_WITHIN_SECONDS} s.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
