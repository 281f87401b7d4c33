"""The web process's connection pool, and how it gets over a restart of the database."""

from threading import Lock
from time import monotonic
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

MIN_SECONDS_BETWEEN = 0.1


class DrainOnFailure:
    """A check that raises for a dead connection and replaces all idle ones, which died with it.

    By itself the pool finds them one by one, and waits 0, 1, 2, … s in between: of eight requests
    after a restart most would wait longer than they may.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = float("-inf")

    def __call__(self, connection: Connection[Any]) -> None:
        pool = connection._pool
        try:
            ConnectionPool.check_connection(connection)
        except Exception:
            if isinstance(pool, ConnectionPool):
                self._drain_once(pool)
            raise

    def _drain_once(self, pool: ConnectionPool[Any]) -> None:
        """Drain once for all who find a dead connection at the same time: later ones are fresh."""
        with self._lock:
            if monotonic() - self._last >= MIN_SECONDS_BETWEEN:
                pool.drain()
                self._last = monotonic()


POOL: dict[str, Any] = {
    "min_size": 1,
    "max_size": 8,
    "timeout": 2,
    "reconnect_timeout": 2,
    "check": DrainOnFailure(),
}
