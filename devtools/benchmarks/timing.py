"""Time that pages take, side by side: what disturbs the one disturbs the other as much."""

import math
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from threading import Event, Thread

from devtools.benchmarks.visitors import Visitor

WARM_UP_ROUNDS = 4
Z = 1.96  # standard deviations around the middle, for 19 of 20
CONNECTIONS = 4  # each is another process's, more likely than not, and these are not alike


@dataclass(frozen=True)
class Timing:
    seconds: Sequence[float]

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[math.ceil(0.95 * len(self.seconds)) - 1]

    def __str__(self) -> str:
        return f"{self.p50 * 1000:.1f} ms (p95 {self.p95 * 1000:.1f})"


@dataclass(frozen=True)
class Ratio:
    """The median of paired ratios, and the interval that holds the true one 19 times of 20."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, page: Timing, other: Timing) -> "Ratio":
        """Compare turn by turn: what disturbs the one disturbs the other as much.

        The interval is that of order statistics, which asks for no shape of the distribution.
        """
        ratios = sorted(a / b for a, b in zip(page.seconds, other.seconds, strict=True))
        away = math.ceil(Z / 2 * math.sqrt(len(ratios)))
        place = max(0, len(ratios) // 2 - away)
        return cls(median(ratios), ratios[place], ratios[-1 - place])

    def holds(self, number: float) -> bool:
        return self.low <= number <= self.high


type Page = tuple[Visitor, str]


def take_turns(*pages: Page, seconds: float, least: int) -> list[Timing]:
    taken: list[list[float]] = [[] for _ in pages]
    with ExitStack() as until_closed:
        lines = [on_connections_of_their_own(pages, until_closed) for _ in range(CONNECTIONS)]
        for line in lines:
            warm_up(line, seconds / CONNECTIONS)
        deadline = time.monotonic() + seconds
        for line in cycle(lines):
            if len(taken[0]) >= least and time.monotonic() >= deadline:
                break
            for (visitor, path), its_own in zip(line, taken, strict=True):
                its_own.append(visitor.get(path).seconds)
    return [Timing(each) for each in taken]


def on_connections_of_their_own(pages: Sequence[Page], until_closed: ExitStack) -> list[Page]:
    others = {visitor: visitor.another() for visitor, _path in pages}
    for other in others.values():
        until_closed.callback(other.close)
    return [(others[visitor], path) for visitor, path in pages]


def warm_up(pages: Sequence[Page], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for _ in range(WARM_UP_ROUNDS):
        if time.monotonic() >= deadline:
            return
        for visitor, path in pages:
            visitor.get(path)


class Crowd:
    """Visitors who ask for one page at once, again as soon as they are answered."""

    def __init__(self, visitor: Visitor, path: str, size: int) -> None:
        self._over = Event()
        self._answered = [0] * size
        self._failures: list[Exception] = []
        self._threads = [
            Thread(target=self._ask, args=(place, visitor.another(), path)) for place in range(size)
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    @property
    def answer_count(self) -> int:
        return sum(self._answered)

    def go_on(self, seconds: float) -> None:
        before = self.answer_count
        time.sleep(seconds)
        while self.answer_count == before and any(thread.is_alive() for thread in self._threads):
            time.sleep(0.01)

    def _ask(self, place: int, visitor: Visitor, path: str) -> None:
        try:
            while not self._over.is_set():
                visitor.get(path)
                self._answered[place] += 1
        except Exception as failure:
            self._failures.append(failure)
        finally:
            visitor.close()


def requests_per_second(
    visitor: Visitor, *paths: str, at_once: int, seconds: float, rounds: int
) -> list[float]:
    answered = [0.0] * len(paths)
    for place, path in [*enumerate(paths)] * rounds:
        with Crowd(visitor, path, at_once) as crowd:
            time.sleep(min(1, seconds / rounds))  # until all have arrived
            before, started = crowd.answer_count, time.monotonic()
            crowd.go_on(seconds / rounds)
            answered[place] += (crowd.answer_count - before) / (time.monotonic() - started) / rounds
    return answered
