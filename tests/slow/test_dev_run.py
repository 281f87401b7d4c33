import http.client
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtools.postgres import Cluster
from tests.devtools.test_dev import ROOT, dev_py, environment, new_folder


@pytest.fixture
def checkout():
    root = new_folder()
    for path in ROOT.iterdir():
        if path.name in (".git", ".local", ".venv", "node_modules") or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            shutil.copytree(path, root / path.name)
        else:
            shutil.copy(path, root)
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / ".local").mkdir()
    yield root
    Cluster(root / ".local" / "postgres").remove()
    shutil.rmtree(root)


class Run:
    """`dev.py run`, from its start until it tells where it is."""

    def __init__(self, root: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "dev.py", "run", "--port=18000", "--transactions=60"],
            cwd=root,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        self.told = self.read_until("Ctrl-C ends it.\n")
        found = re.search(r"http://localhost:(\d+)/", self.told)
        assert found, self.told
        self.port = int(found[1])

    def read_until(self, last: str) -> str:
        assert self.process.stdout is not None
        told = ""
        for line in self.process.stdout:
            if line == last:
                break
            told += line
        return told

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def is_reachable(self) -> bool:
        try:
            return self.status("/health/live") == 200
        except OSError:
            return False

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


@pytest.fixture
def run(checkout):
    runs = []

    def start():
        runs.append(Run(checkout))
        return runs[-1]

    yield start
    for started in runs:
        started.process.kill()


def count_of_transactions(root: Path) -> str:
    code = (
        "from django.db import connections; cursor = connections['worker'].cursor();"
        " cursor.execute('select count(*) from transactions_transaction');"
        " print(cursor.fetchone()[0])"
    )
    return dev_py("manage", "shell", "--verbosity=0", "-c", code, root=root).stdout.strip()


def test_run_serves_demo_data_and_outlives_a_kill(checkout, run):
    first = run()
    assert "alpha-demo-password" in first.told
    assert first.status("/login/") == 200
    assert count_of_transactions(checkout) == "60"

    first.process.kill()
    wait_until(lambda: not first.is_reachable())
    second = run()

    cluster = Cluster(checkout / ".local" / "postgres")
    assert second.status("/login/") == 200
    with cluster.connect() as connection:
        [(count,)] = connection.execute("select count(*) from transactions_transaction")
    assert count == 60
    assert second.end() == 0
    assert not cluster.is_alive()
    assert (checkout / ".local" / "secret_key").stat().st_mode & 0o077 == 0


def wait_until(happened) -> None:
    deadline = time.monotonic() + 15
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)
