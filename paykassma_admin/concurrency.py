"""A limit on concurrent requests of a holder; the others wait in line, or are refused.

A waiting request holds a thread, and neither a connection nor a lock. Threads are few, too: while
many wait, no holder has more than a few of them.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Condition

PATIENCE_SECONDS = 20
MAX_WAITING = 12  # of a process, which has 32 threads
MAX_WAITING_PER_HOLDER = 2  # of one holder, however many others wait


class LimitReached(Exception):
    """Too many requests wait already, or it took too long."""


class ConcurrencyLimiter:
    def __init__(self) -> None:
        self.changed = Condition()
        self.inside: Counter[Hashable] = Counter()
        self.lines: defaultdict[Hashable, deque[object]] = defaultdict(deque)

    @contextmanager
    def turn(self, holder: Hashable, *, at_once: int, wait: bool = True) -> Iterator[None]:
        """Wait for one of the turns of `holder`. Raise LimitReached."""
        self._take(holder, at_once, wait=wait)
        try:
            yield
        finally:
            with self.changed:
                self._leave(holder)

    def _take(self, holder: Hashable, at_once: int, *, wait: bool) -> None:
        with self.changed:
            is_free = self.inside[holder] < at_once and holder not in self.lines
            if not is_free and not (wait and self._may_wait(holder)):
                raise LimitReached
            if not is_free and not self._wait(holder, at_once):
                raise LimitReached
            self.inside[holder] += 1

    def _may_wait(self, holder: Hashable) -> bool:
        all_who_wait = sum(map(len, self.lines.values()))
        return (
            all_who_wait < MAX_WAITING or len(self.lines.get(holder, ())) < MAX_WAITING_PER_HOLDER
        )

    def _wait(self, holder: Hashable, at_once: int) -> bool:
        me = object()
        line = self.lines[holder]
        line.append(me)
        try:
            return self.changed.wait_for(
                lambda: line[0] is me and self.inside[holder] < at_once, PATIENCE_SECONDS
            )
        finally:
            line.remove(me)
            if not line:
                del self.lines[holder]
            self.changed.notify_all()

    def _leave(self, holder: Hashable) -> None:
        self.inside[holder] -= 1
        if not self.inside[holder]:
            del self.inside[holder]
        self.changed.notify_all()


limiter = ConcurrencyLimiter()  # of this process
