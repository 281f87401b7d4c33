"""PostgreSQL out of a wheel, for `dev.py`, the demo and the tests; production has its own.

A cluster is a folder. The first process that uses it starts the server, the last one to leave stops
it, and after a `kill -9` of anybody the next start joins what is left or brings it up again.
"""

from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import psycopg

from devtools.postgres.programs import PostgresError
from devtools.postgres.server import Server
from devtools.postgres.shared_use import SharedUse
from paykassma_admin.database.roles import LEAKPROOF, NOT_LEAKPROOF, ROLES

__all__ = ["Cluster", "PostgresError"]

DATABASE = "paykassma"
ROLES_SQL = Path(__file__).parents[2] / "paykassma_admin/database/roles.sql"


class Cluster:
    def __init__(self, folder: Path, *, durable: bool = True, **settings: str) -> None:
        """`settings` are postgresql.conf's, over those of server.py."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.is_new = False
        self._server = Server(self.folder, durable=durable, settings=settings)
        self._use = SharedUse(self.folder)

    def start(self) -> Self:
        """Join the server, or start it; again, to revive one that was killed.

        Raise PostgresError.
        """
        with self._use.alone():
            self._use.enter()
            try:
                self._bring_up()
            except BaseException:
                self._use.leave()
                raise
        return self

    def stop(self, mode: str = "fast") -> None:
        """Leave; the last one to leave stops the server."""
        if not self._use.is_inside:
            return
        with self._use.alone():
            if self._use.is_last():
                self._server.stop(mode)
            self._use.leave()

    def remove(self) -> None:
        self._server.stop("immediate")
        self._use.leave()
        self._server.delete()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def bin(self) -> Path:
        return self._server.programs.bin

    def is_alive(self) -> bool:
        return self._server.process() is not None

    def environment(self, database: str = DATABASE) -> dict[str, str]:
        """The four addresses, as settings.py reads them.

        django-environ takes a socket's folder from the path; in the host's place it would
        neither unquote it nor keep its capitals.
        """
        folder = quote(str(self._server.socket_folder), safe="")
        return {
            name: f"postgresql://{role}@:{self._server.port}/{folder}/{database}"
            for name, role in ROLES.items()
        }

    def connect(
        self, database: str = DATABASE, *, user: str = "postgres"
    ) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection in autocommit; as `postgres` no row-level security binds it."""
        return self._server.connect(database, user)

    def _bring_up(self) -> None:
        self._server.make_home()
        self.is_new = self._server.make_data() or self.is_new
        self._server.bring_up()
        self._make_roles_and_database()
        self._mark_leakproof()

    def _make_roles_and_database(self) -> None:
        with self.connect("postgres") as connection:
            connection.execute(ROLES_SQL.read_text(encoding="utf-8").encode())
            connection.execute("alter role paykassma_owner createdb")  # for the tests' databases
            found = "select from pg_database where datname = %s"
            if not connection.execute(found, [DATABASE]).rowcount:
                connection.execute(f"create database {DATABASE} owner paykassma_owner".encode())

    def _mark_leakproof(self) -> None:
        """In each database; new ones copy it from template1."""
        with self.connect("postgres") as connection:
            found = "select datname from pg_database where datallowconn"
            databases = [str(name) for (name,) in connection.execute(found)]
        for database in databases:
            with self.connect(database) as connection:
                for (function,) in connection.execute(NOT_LEAKPROOF, [[*LEAKPROOF]]).fetchall():
                    connection.execute(f"alter function {function} leakproof".encode())
