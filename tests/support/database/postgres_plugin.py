"""Gives a test run its environment, with a PostgreSQL of its own unless DATABASE_URL names one.

Loaded by `-p` in pyproject.toml: pytest-django reads the settings, and they the environment, before
any conftest.py. The workers of pytest-xdist inherit the environment of the process that starts it.
"""

import os
import tempfile
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from devtools.postgres import Cluster

PREFIX = "paykassma-tests-"
ENVIRONMENT = {
    "SECRET_KEY": "for tests only, and long enough for every check of Django's that counts",
    "SERVED_OVER_HTTPS": "off",
    "STATIC_FROM_SOURCE": "on",
    "DEVTOOLS": "on",
}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    os.environ.update(ENVIRONMENT)
    if not os.environ.get("DATABASE_URL"):
        cluster = start_test_cluster()
        early_config.add_cleanup(cluster.remove)
        os.environ.update(cluster.environment())
    return (yield)


def start_test_cluster() -> Cluster:
    """A server that forgets, in a temporary folder; its caller removes it."""
    remove_leftovers()
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")
    return Cluster(Path(folder), durable=False).start()


def remove_leftovers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        with suppress(FileNotFoundError):  # another run has just removed its own
            if folder.stat().st_uid == os.geteuid() and pid.isdigit() and not is_alive(int(pid)):
                Cluster(folder, durable=False).remove()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
