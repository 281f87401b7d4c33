"""The transaction of a request, which can be paused.

Slow work without the database, such as hashing a password, must hold neither locks nor one of the
few connections; counts of attempts must stay, even if the request fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

from paykassma_admin.database.tenancy import current_actor, restore_actor


class RequestAtomic(transaction.Atomic):
    """An atomic block that ends nothing if it could not begin again for lack of a connection."""

    def __exit__(self, *raised: Any) -> None:
        if connection.in_atomic_block:
            super().__exit__(*raised)


_request_atomic: ContextVar[RequestAtomic | None] = ContextVar("own", default=None)


@contextmanager
def request_transaction() -> Iterator[None]:
    own = RequestAtomic(using=None, savepoint=True, durable=False)
    token = _request_atomic.set(own)
    try:
        with own:
            yield
    finally:
        _request_atomic.reset(token)


@contextmanager
def pause_transaction() -> Iterator[None]:
    """Commit, give the connection back, and go on in a transaction for the same tenant and user.

    Does nothing outside of a request. Raise RuntimeError inside another atomic block, which must
    not be ended here.
    """
    own = _request_atomic.get()
    if own is None or not connection.in_atomic_block:
        yield
        return
    if connection.atomic_blocks[-1] is not own:
        raise RuntimeError("The request's transaction cannot end inside of another atomic block.")
    actor = current_actor()
    own.__exit__(None, None, None)
    release_connection()
    try:
        yield
    finally:
        own.__enter__()
        restore_actor(actor)


def commit() -> None:
    """Keep what the request has written, even if it fails later, and release its locks."""
    with pause_transaction():
        pass


def roll_back() -> None:
    """Undo what the request has written since its last `commit`."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)


def release_connection() -> None:
    """Return this thread's connection to the pool, unless a test holds it."""
    if not connection.in_atomic_block:
        connection.close()
