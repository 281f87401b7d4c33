"""The pool of connections of what serves, and how it gets over a restart of the database."""

from threading import Lock
from time import monotonic
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

MIN_SECONDS_BETWEEN = 0.1


class DrainOnFailure:
    """Raises of a dead connection, and replaces all idle ones, which died with it.

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
        """For all who find a dead one at the same time: a second time it would take fresh ones."""
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
