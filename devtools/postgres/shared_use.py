"""Who uses a folder: several processes at once, the first and the last of them with duties.

The locks are the kernel's. They end with the process that holds them, however it ends, so a killed
process leaves nothing to clear away.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class SharedUse:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._users: int | None = None

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        door = self._open("door.lock")
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield
        finally:
            os.close(door)

    def enter(self) -> None:
        if self._users is None:
            self._users = self._open("users.lock")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def leave(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    @property
    def is_inside(self) -> bool:
        return self._users is not None

    def is_last(self) -> bool:
        """Whether nobody else is inside. Ask it alone(), and leave() afterwards."""
        if self._users is None:
            return False
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _open(self, name: str) -> int:
        return os.open(self.folder / name, os.O_CREAT | os.O_RDWR, 0o600)
