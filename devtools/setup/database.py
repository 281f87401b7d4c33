"""The database of `dev.py`: our own cluster in .local/, or the one that the environment names."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from psycopg import sql

from devtools.postgres import DATABASE, Cluster, PostgresError
from paykassma_admin.database.roles import ROLES

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"


@contextlib.contextmanager
def own_or_given() -> Iterator[Cluster | None]:
    """Our own cluster, running meanwhile; None if the environment names another database."""
    given = [name for name in ROLES if os.environ.get(name)]
    missing = [name for name in ROLES if name not in given]
    if given and missing:
        raise PostgresError(
            f"Set: {', '.join(given)}. Not set: {', '.join(missing)}."
            " Set all four to use your own database, or none to use ours."
        )
    if given:
        yield None
    else:
        with Cluster(LOCAL / "postgres") as cluster:
            yield cluster


class Notes:
    """Notes on what `dev.py` has done to our database: its comment, which goes where it goes."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        query = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
        with cluster.connect() as connection:
            found = connection.execute(query, [DATABASE]).fetchone()
        self._notes: dict[str, str] = json.loads(found[0]) if found and found[0] else {}

    def get(self, name: str) -> str:
        return self._notes.get(name, "")

    def write(self, name: str, text: str) -> None:
        self._notes[name] = text
        comment = sql.SQL("comment on database {} is {}").format(
            sql.Identifier(DATABASE), sql.Literal(json.dumps(self._notes))
        )
        with self.cluster.connect() as connection:
            connection.execute(comment)


def digest_of_migrations() -> str:
    """Changes with our migrations and with the versions of the packages that bring others."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for migration in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(migration.name.encode() + migration.read_bytes())
    return digest.hexdigest()


def is_in_use(cluster: Cluster) -> bool:
    with cluster.connect() as connection:
        query = "select from clients_client union all select from accounts_user limit 1"
        return connection.execute(query).rowcount > 0


def has_administrator(cluster: Cluster) -> bool:
    with cluster.connect() as connection:
        query = "select from accounts_user where is_superuser and is_active limit 1"
        return connection.execute(query).rowcount > 0
