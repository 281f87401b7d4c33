"""Clusters that a test has to itself."""

import os
import tempfile
from pathlib import Path

from paykassma_admin.embedded_postgres import Cluster
from tests.postgres_plugin import PREFIX


def new_folder() -> Path:
    """Not pytest's tmp_path, which is private: PostgreSQL, not being root, may not enter it."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def postmaster(cluster: Cluster) -> int:
    return int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
