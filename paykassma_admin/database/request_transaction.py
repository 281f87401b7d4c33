"""The transaction of a request, which may be ended and begun again in its middle.

What takes long without the database, as hashing a password, must hold neither locks nor one of the
few connections meanwhile; what counts attempts must stay, whatever becomes of the request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

from paykassma_admin.database.tenancy import act_as, acting


class Own(transaction.Atomic):
    """Ends nothing where it could not begin again: there was no connection to be had."""

    def __exit__(self, *raised: Any) -> None:
        if connection.in_atomic_block:
            super().__exit__(*raised)


_own: ContextVar[Own | None] = ContextVar("own", default=None)


@contextmanager
def request_transaction() -> Iterator[None]:
    own = Own(using=None, savepoint=True, durable=False)
    token = _own.set(own)
    try:
        with own:
            yield
    finally:
        _own.reset(token)


@contextmanager
def without_connection() -> Iterator[None]:
    """Commit, give the connection back, and go on in a transaction that acts for the same.

    Does nothing outside of a request. Raises RuntimeError inside of an atomic block of its own,
    which nobody may end.
    """
    own = _own.get()
    if own is None or not connection.in_atomic_block:
        yield
        return
    if connection.atomic_blocks[-1] is not own:
        raise RuntimeError("The request's transaction cannot end inside of another atomic block.")
    actor = acting()
    own.__exit__(None, None, None)
    release_connection()
    try:
        yield
    finally:
        own.__enter__()
        act_as(actor)


def commit() -> None:
    """Keep what the request has written, even if it fails later, and let go of its locks."""
    with without_connection():
        pass


def undo() -> None:
    """Keep nothing of what the request has written since its last `commit`."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)


def release_connection() -> None:
    """Give the connection of this thread back to the pool, unless a test holds it."""
    if not connection.in_atomic_block:
        connection.close()
