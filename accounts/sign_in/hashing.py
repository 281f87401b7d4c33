"""A queue for hashing passwords: without locks and connections, one at a time (docs/adr/0033).

Argon2 takes a tenth of a second of every core, and a hundred megabytes.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from paykassma_admin.database.request_transaction import pause_transaction

NICENESS = 10
prepared: ContextVar[dict[str, str] | None] = ContextVar("prepared", default=None)
this_thread = threading.local()


def begin_queue() -> None:
    """Lower the priority of this thread alone, which only Linux can."""
    this_thread.is_line = True
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


queue = ThreadPoolExecutor(1, thread_name_prefix="hash", initializer=begin_queue)


def hash_in_queue[T](hash_: Callable[[], T]) -> T:
    if hasattr(this_thread, "is_line"):  # some verify by hashing again
        return hash_()
    with pause_transaction():
        return queue.submit(hash_).result()


class QueuedHasherMixin:
    def encode(self, password: str, salt: str) -> str:
        ready = (prepared.get() or {}).get(password)
        return ready or hash_in_queue(partial(super().encode, password, salt))  # type: ignore[misc]  # Django's

    def verify(self, password: str, encoded: str) -> bool:
        return bool(hash_in_queue(partial(super().verify, password, encoded)))  # type: ignore[misc]  # Django's


class QueuedArgon2PasswordHasher(QueuedHasherMixin, Argon2PasswordHasher):
    pass


@contextmanager
def prepared_hashes(*passwords: str) -> Iterator[None]:
    """Hash new passwords before a block in which the request's transaction cannot end."""
    hashes = {password: make_password(password) for password in passwords if password}
    token = prepared.set(hashes)
    try:
        yield
    finally:
        prepared.reset(token)
