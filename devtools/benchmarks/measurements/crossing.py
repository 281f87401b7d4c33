"""Eight writers at once, with totals and without: G11."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from statistics import median

from devtools.benchmarks.additions import additions, deletion_after
from devtools.benchmarks.database import Database
from devtools.benchmarks.goals import Measured, NotMeasurable, at_least, at_most
from devtools.benchmarks.site import Site
from devtools.benchmarks.totals import compacting, require_right_totals
from devtools.benchmarks.writers import WRITERS, Tally, write_at_once

FRESH = 10_000
ROUNDS = 16  # an even number: see `measured`
TURN = 2.5  # at most: so many seconds, in which totals are compacted twice
# Rows of a batch → by how much totals may slow its writing.
SIZES = {100: 0.9, 1: 0.6}

type Condition = Callable[[Database], AbstractContextManager[None]]

TRIGGERS = """
    select tgname from pg_trigger
    where tgrelid = 'transactions_transaction'::regclass and tgname like 'keep_totals%'
"""


def crossing(site: Site) -> Iterator[Measured]:
    deadlocks = 0
    lines = []
    with additions(site.database, site.rows, min(FRESH, site.rows // 50)):
        for size, least in SIZES.items():
            with_totals, without = measure_tallies(site, size)
            deadlocks += sum(tally.deadlocks for tally in with_totals)
            what = f"{WRITERS} writers, batches of {size}" if size > 1 else "  single rows"
            ours, theirs = middle(with_totals), middle(without)
            figure = f"{ours:,.0f}/s, no totals {theirs:,.0f}"
            lines.append(Measured(what, figure, ours / theirs, at_least(least)))
        require_right_totals(site.database)
    yield from lines
    yield Measured("  their deadlocks", f"{deadlocks}, totals exact", deadlocks, at_most(0, ""))


def middle(tallies: list[Tally]) -> float:
    return median(tally.per_second for tally in tallies)


def measure_tallies(site: Site, size: int) -> tuple[list[Tally], list[Tally]]:
    """With totals, and without: each is the first of a round as often as the other.

    A round before them is not counted. Whoever writes first finds no page in memory that new rows
    go to, and pays a quarter more for a batch.
    """
    with_totals: list[Tally] = []
    without: list[Tally] = []
    turns = [(with_totals, compacting), (without, no_totals)]
    write_in(compacting, site, size)
    for _ in range(ROUNDS if site.seconds else 2):
        for tallies, condition in turns:
            tallies.append(write_in(condition, site, size))
        turns.reverse()
    return with_totals, without


def write_in(condition: Condition, site: Site, size: int) -> Tally:
    with condition(site.database):
        return write_at_once(site.database, size=size, seconds=min(site.seconds, TURN))


@contextmanager
def no_totals(database: Database) -> Iterator[None]:
    with database.connect() as connection:
        triggers = [str(name) for (name,) in connection.execute(TRIGGERS)]
        [(last,)] = connection.execute("select max(id) from transactions_transaction").fetchall()
    if not triggers:
        raise NotMeasurable("not there yet: no trigger keeps totals")
    switch(database, "disable", triggers)
    try:
        yield
    finally:
        database.execute(*deletion_after(last))
        switch(database, "enable", triggers)


def switch(database: Database, how: str, triggers: list[str]) -> None:
    database.execute(
        *(f"alter table transactions_transaction {how} trigger {name}" for name in triggers)
    )
