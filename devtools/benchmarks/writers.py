"""Writers who cross: each in its own transactions, over the same days, wallets and currencies.

In a round a writer inserts a batch in an order of its own; in some it then changes the status of
one that it wrote before, or deletes one. Rows are never two writers': what they have in common, and
could block each other by, is what the totals are kept under.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import LiteralString

from psycopg import sql
from psycopg.errors import DeadlockDetected

from devtools.benchmarks.additions import columns
from devtools.benchmarks.database import Connection, Database

WRITERS = 8
WEB: LiteralString = "paykassma_web"
BACK_OFFICE: LiteralString = "paykassma_backoffice"  # web may not delete
names_of_batches = count()

INSERT: LiteralString = """
    insert into transactions_transaction ({columns})
    select %(name)s || number, {others}
    from benchmark.fresh where place > %(offset)s and place <= %(offset)s + %(size)s
    order by hashtextextended(number, %(writer)s)
"""


class Fate(StrEnum):
    WRITTEN = "written"
    DECLINED = "declined"
    DELETED = "deleted"


REVISIONS: dict[Fate, LiteralString] = {
    Fate.DECLINED: """
        update transactions_transaction set status = 'declined', activated_at = null
        where number >= %(name)s and number < %(after)s
    """,
    Fate.DELETED: """
        delete from transactions_transaction
        where client_id = %(client)s and number >= %(name)s and number < %(after)s
    """,
}


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
    database: Database
    client_id: int
    size: int  # of its batches
    fresh: int  # how many rows there are to write
    insert: sql.Composed
    connection: Connection = field(init=False)
    unchanged: list[str] = field(default_factory=list)
    fates: dict[str, Fate] = field(default_factory=dict)  # that were committed, by batch
    touched: list[str] = field(default_factory=list)  # batches of the transaction that is open
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.connection = self.database.connect(BACK_OFFICE)
        self.connection.execute(f"set role {WEB}")

    def write_until(self, deadline: float) -> Tally:
        chance = random.Random(self.number)  # noqa: S311  # nothing secret
        while not self.tally.batches or time.monotonic() < deadline:
            self.attempt(chance)
        return self.tally

    def attempt(self, chance: random.Random) -> None:
        try:
            self.write(chance)
        except DeadlockDetected:
            self.tally.deadlocks += 1

    def write(self, chance: random.Random) -> None:
        name = f"{self.number}-{next(names_of_batches)}-"
        self.touched = [name]
        fates = {name: Fate.WRITTEN}
        with self.connection.transaction():
            self._enter()
            self._insert(name, chance.randrange(max(1, self.fresh - self.size)))
            if self.unchanged and chance.random() < 0.5:
                fates |= self._revise(chance.choice(list(REVISIONS)))
        self.fates |= fates
        self.unchanged.append(name)
        self.tally.batches += 1

    def _enter(self) -> None:
        self.connection.execute(
            "select set_config('app.client_id', %s, true)", [str(self.client_id)]
        )

    def _insert(self, name: str, offset: int) -> None:
        self.connection.execute(
            self.insert, {"name": name, "offset": offset, "size": self.size, "writer": self.number}
        )

    def _revise(self, fate: Fate) -> dict[str, Fate]:
        name = self.unchanged.pop(0)
        self.touched.append(name)
        if fate == Fate.DELETED:  # which web may not
            self.connection.execute(f"set local role {BACK_OFFICE}")
        batch = {"client": self.client_id, "name": name, "after": f"{name[:-1]}."}
        self.connection.execute(REVISIONS[fate], batch)
        return {name: fate}


def write_at_once(database: Database, *, size: int, seconds: float) -> Tally:
    with writers(Writer, database, size) as made:
        return write_together(made, seconds)


def write_together(
    made: Sequence[Writer], seconds: float, meanwhile: Callable[[], object] = lambda: None
) -> Tally:
    with ThreadPoolExecutor(len(made)) as pool:
        started = time.monotonic()
        writing = [pool.submit(writer.write_until, started + seconds) for writer in made]
        meanwhile()
        for done in writing:
            done.result()
    whole = Tally()
    for writer in made:
        whole.add(writer.tally)
    whole.seconds = time.monotonic() - started
    return whole


@contextmanager
def writers[W: Writer](kind: type[W], database: Database, size: int) -> Iterator[list[W]]:
    client_id, fresh, insert = prepare_writing(database)
    made = [kind(n, database, client_id, size, fresh, insert) for n in range(WRITERS)]
    try:
        yield made
    finally:
        for writer in made:
            writer.connection.close()


def prepare_writing(database: Database) -> tuple[int, int, sql.Composed]:
    with database.connect() as connection:
        connection.execute(f"grant usage on schema benchmark to {WEB}")
        connection.execute(f"grant select on benchmark.fresh to {WEB}")
        found = "select min(client_id), count(*) from benchmark.fresh"
        [(client_id, rows)] = connection.execute(found).fetchall()
        others = [sql.Identifier(name) for name in columns(connection) if name != "number"]
    insert = sql.SQL(INSERT).format(
        columns=sql.SQL(", ").join([sql.Identifier("number"), *others]),
        others=sql.SQL(", ").join(others),
    )
    return client_id, rows, insert
