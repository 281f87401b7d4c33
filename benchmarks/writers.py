"""Writers who cross: each in its own transactions, over the same days, wallets and currencies.

In a round a writer inserts a batch in an order of its own; in some it then changes the status of
one that it wrote before, or deletes one. Rows are never two writers': what they have in common, and
could block each other by, is what the totals are kept under.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import LiteralString

from psycopg import sql
from psycopg.errors import DeadlockDetected

from benchmarks.additions import columns
from benchmarks.database import Connection, Database

WRITERS = 8
names_of_batches = count()

INSERT: LiteralString = """
    insert into transactions_transaction ({columns})
    select %(name)s || number, {others}
    from benchmark.fresh where place > %(offset)s and place <= %(offset)s + %(size)s
    order by hashtextextended(number, %(writer)s)
"""
CHANGE: LiteralString = """
    update transactions_transaction set status = 'declined', activated_at = null
    where number >= %(name)s and number < %(after)s
"""
DELETE: LiteralString = """
    delete from transactions_transaction where number >= %(name)s and number < %(after)s
"""


@dataclass
class Tally:
    batches: int = 0
    deadlocks: int = 0
    seconds: float = 0

    @property
    def per_second(self) -> float:
        return self.batches / self.seconds

    def add(self, other: "Tally") -> None:
        self.batches += other.batches
        self.deadlocks += other.deadlocks
        self.seconds += other.seconds


@dataclass
class Writer:
    number: int
    connection: Connection  # as web
    client_id: int
    size: int  # of its batches
    fresh: int  # how many rows there are to write
    insert: sql.Composed
    unchanged: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def write_until(self, deadline: float) -> Tally:
        """Once at least."""
        chance = random.Random(self.number)  # noqa: S311  # nothing secret
        while not self.tally.batches or time.monotonic() < deadline:
            try:
                self.write(chance)
            except DeadlockDetected:
                self.tally.deadlocks += 1
        return self.tally

    def write(self, chance: random.Random) -> None:
        name = f"{self.number}-{next(names_of_batches)}-"
        offset = chance.randrange(max(1, self.fresh - self.size))
        with self.connection.transaction():
            self._enter()
            self.connection.execute(
                self.insert,
                {"name": name, "offset": offset, "size": self.size, "writer": self.number},
            )
            if self.unchanged and chance.random() < 0.5:
                self._revise(chance.choice((CHANGE, DELETE)))
        self.unchanged.append(name)
        self.tally.batches += 1

    def _enter(self) -> None:
        self.connection.execute(
            "select set_config('app.client_id', %s, true)", [str(self.client_id)]
        )

    def _revise(self, statement: LiteralString) -> None:
        name = self.unchanged.pop(0)
        self.connection.execute(statement, {"name": name, "after": f"{name[:-1]}."})


def write_at_once(database: Database, *, size: int, seconds: float) -> Tally:
    """All writers for so long; their tallies added up, over the time that it took."""
    with connections(database) as opened, ThreadPoolExecutor(WRITERS) as pool:
        writers = made(database, opened, size)
        started = time.monotonic()
        for done in [pool.submit(w.write_until, started + seconds) for w in writers]:
            done.result()
    whole = Tally()
    for writer in writers:
        whole.add(writer.tally)
    whole.seconds = time.monotonic() - started
    return whole


@contextmanager
def connections(database: Database) -> Iterator[list[Connection]]:
    opened = [database.connect("paykassma_web") for _ in range(WRITERS)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


def made(database: Database, opened: list[Connection], size: int) -> list[Writer]:
    with database.connect() as connection:
        connection.execute("grant usage on schema benchmark to paykassma_web")
        connection.execute("grant select on benchmark.fresh to paykassma_web")
        found = "select min(client_id), count(*) from benchmark.fresh"
        [(client_id, rows)] = connection.execute(found).fetchall()
        others = [sql.Identifier(name) for name in columns(connection) if name != "number"]
    insert = sql.SQL(INSERT).format(
        columns=sql.SQL(", ").join([sql.Identifier("number"), *others]),
        others=sql.SQL(", ").join(others),
    )
    return [
        Writer(number, connection, client_id, size, rows, insert)
        for number, connection in enumerate(opened)
    ]
