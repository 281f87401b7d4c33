"""Writers, and a compactor, who go on when the server comes back after a kill -9."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from psycopg import OperationalError
from psycopg.errors import DeadlockDetected

from devtools.benchmarks.database import Connection, Database
from devtools.benchmarks.totals import WORKER
from devtools.benchmarks.writers import BACK_OFFICE, WEB, Writer

LONGEST_OUTAGE = 120  # seconds


@dataclass
class Survivor(Writer):
    in_doubt: set[str] = field(default_factory=set)  # batches whose commit was not answered
    outages: int = 0

    def attempt(self, chance: random.Random) -> None:
        try:
            super().attempt(chance)
        except OperationalError:
            self.in_doubt.update(self.touched)
            self.outages += 1
            self.connection = reconnect(self.database, BACK_OFFICE)
            self.connection.execute(f"set role {WEB}")
            self.attempt(chance)


@dataclass
class Compactor:
    database: Database
    pause: float
    runs: int = 0
    deadlocks: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        over = Event()
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(self.compact_until, over)
            try:
                yield
            finally:
                over.set()
        done.result()

    def compact_until(self, over: Event) -> None:
        connection = reconnect(self.database, WORKER)
        while not over.wait(self.pause):
            try:
                connection.execute("select compact_totals()")
                self.runs += 1
            except DeadlockDetected:
                self.deadlocks += 1
            except OperationalError:
                connection = reconnect(self.database, WORKER)
        connection.close()


def reconnect(database: Database, user: str) -> Connection:
    deadline = time.monotonic() + LONGEST_OUTAGE
    while True:
        try:
            return database.connect(user)
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
