"""Batches, the staging table and the report that all imports share.

An import reads records (imports/files.py), makes typed rows of them (imports/fields.py) and stores
them batch by batch, each committed whole.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from threading import Thread
from typing import Any, Protocol

from django.db import connections, transaction
from django.utils.translation import gettext as _

from paykassma_admin.values import money

BATCH_ROWS = 10_000


class RowOutcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STALE = "stale"
    REFUSED = "refused"


REPEATED = "repeated"  # of a trial alone


class BadFile(Exception):
    """The file cannot be read any further; the message is a sentence for its sender."""


SHOWN_CHARACTERS = 40


def shorten(text: str) -> str:
    """Return a value for a message: cut, what could steer a terminal replaced by “�”."""
    cut = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
    return "".join(c if c.isprintable() else "�" for c in cut)


class InvalidValue(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason

    def row_error(self, line: int) -> "RowError":
        return RowError(line, self.field, self.reason)


@dataclass(frozen=True)
class RowError:
    """A row that is not imported. `line` is the first one of a row of several lines."""

    line: int
    field: str
    reason: str
    is_conflict: bool = False  # it is understood, and differs from what is stored

    def __str__(self) -> str:
        return _("line %(line)s: %(field)s: %(reason)s") % vars(self)


type Record = tuple[int, list[str]]


class Row(Protocol):
    @property
    def line(self) -> int: ...


@dataclass
class Report:
    """Counts of rows by outcome; only the report of one batch lists its errors and lines."""

    outcomes: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)
    lines: dict[str, list[int]] = field(default_factory=dict)  # of rows not refused, by outcome
    # Of a trial, what its rows would add to sums: by what names the sum.
    effect: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def add_error(self, refusal: RowError) -> None:
        self.outcomes[RowOutcome.REFUSED] += 1
        self.errors.append(refusal)

    def count(self, other: "Report") -> None:
        self.outcomes.update(other.outcomes)

    def add_lines(self, outcome: str, lines: Sequence[int]) -> None:
        self.outcomes[outcome] += len(lines)
        self.lines.setdefault(outcome, []).extend(lines)

    def add(self, other: "Report") -> None:
        self.count(other)
        self.errors.extend(other.errors)
        self.effect.update(other.effect)
        for outcome, lines in other.lines.items():
            self.lines.setdefault(outcome, []).extend(lines)

    def __str__(self) -> str:
        """Return the same words in every language, since scripts read them too."""
        words = [f"read {self.outcomes.total()}"]
        return ", ".join(words + [f"{outcome} {self.outcomes[outcome]}" for outcome in RowOutcome])


def import_records[R: Row](
    records: Iterable[Record | RowError],
    *,
    parse: Callable[[int, list[str]], R],
    keys: Callable[[R], Iterable[Hashable]],
    store: Callable[[Sequence[R]], Report],
    is_trial: bool = False,
) -> Iterator[Report]:
    """Store `records` batch by batch; `store` commits its rows, of which no two share a key.

    A trial stores nothing that stays. What a row would do that repeats one of an earlier batch, is
    not known then: it is counted as `REPEATED`. `parse` and `keys` must not query the database: a
    thread calls them, see `prefetch`.
    """
    repeats = Repeats(keys)
    for report, together in prefetch(parse_batches(records, parse, keys)):
        with roll_back() if is_trial else nullcontext():
            for rows in repeats.leave_out(together, report) if is_trial else together:
                report.add(store(rows))
        report.errors.sort(key=lambda refusal: refusal.line)
        yield report


@contextmanager
def roll_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Repeats[R]:
    """Rows of a trial that repeat one of an earlier batch, which was rolled back."""

    def __init__(self, keys: Callable[[R], Iterable[Hashable]]) -> None:
        self.keys, self.earlier = keys, set[int]()

    def leave_out(self, together: Sequence[Sequence[R]], report: Report) -> list[list[R]]:
        batch = {hash(key) for rows in together for row in rows for key in self.keys(row)}
        new = [[row for row in rows if not self.is_repeat(row)] for rows in together]
        report.outcomes[REPEATED] += sum(map(len, together)) - sum(map(len, new))
        self.earlier |= batch
        return [rows for rows in new if rows]

    def is_repeat(self, row: R) -> bool:
        return any(hash(key) in self.earlier for key in self.keys(row))


def parse_batches[R: Row](
    records: Iterable[Record | RowError],
    parse: Callable[[int, list[str]], R],
    keys: Callable[[R], Iterable[Hashable]],
) -> Iterator[tuple[Report, list[list[R]]]]:
    for batch in split_batches(records):
        report = Report()
        yield report, split_rounds(parse_records(batch, parse, report), keys)


def prefetch[T](items: Iterator[T]) -> Iterator[T]:
    """Make the next item in a thread while the caller waits for the database with this one."""
    coming = start_next(items)
    while (item := coming.result()) is not None:
        coming = start_next(items)
        yield item


def start_next[T](items: Iterator[T]) -> Future[T | None]:
    """Start making the next item in the caller's language.

    The thread is a daemon: one that waits for standard input does not hold up the end of a program.
    """
    coming: Future[T | None] = Future()

    def fetch() -> None:
        try:
            coming.set_result(next(items, None))
        except BaseException as error:
            coming.set_exception(error)

    Thread(target=copy_context().run, args=(fetch,), daemon=True).start()
    return coming


def split_batches[T](records: Iterable[T]) -> Iterator[list[T]]:
    batch: list[T] = []
    try:
        for record in records:
            batch.append(record)
            if len(batch) == BATCH_ROWS:
                yield batch
                batch = []
    except BadFile:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def parse_records[R: Row](
    batch: Iterable[Record | RowError], parse: Callable[[int, list[str]], R], report: Report
) -> Iterator[R]:
    for record in batch:
        if isinstance(record, RowError):
            report.add_error(record)
            continue
        try:
            yield parse(*record)
        except InvalidValue as refused:
            report.add_error(refused.row_error(record[0]))


def split_rounds[R](rows: Iterable[R], keys: Callable[[R], Iterable[Hashable]]) -> list[list[R]]:
    """Split rows so that no round has a key twice: one statement writes a key once.

    Each round is committed by itself, so that all of them write in the same order and two files
    that cross never wait for each other.
    """
    gathered: list[list[R]] = []
    next_round: defaultdict[Hashable, int] = defaultdict(int)
    for row in rows:
        row_keys = list(keys(row))
        its_round = max(next_round[key] for key in row_keys)
        next_round.update(dict.fromkeys(row_keys, its_round + 1))
        if its_round == len(gathered):
            gathered.append([])
        gathered[its_round].append(row)
    return gathered


class Reason(Protocol):
    def __call__(self, why: str, *, stored: str, given: str) -> str: ...


class ConcurrentUpdate(Exception):
    """Another import wrote the same rows between the read and the write of a statement."""


# Each time another import has got on, so this many in a row means a fault in a statement.
MAX_ATTEMPTS = 20


def retry_on_conflict[R](store: Callable[[Sequence[R]], Report], rows: Sequence[R]) -> Report:
    for _attempt in range(MAX_ATTEMPTS):
        try:
            return store(rows)
        except ConcurrentUpdate:
            continue
    raise RuntimeError(f"{MAX_ATTEMPTS} attempts to store a batch were overtaken")


def stage(table: str, columns: str, rows: Iterable[Sequence[Any]], *, using: str) -> None:
    """COPY `rows` into a temporary table, which lasts until the transaction ends.

    Not into the table itself: COPY into one under row-level security is refused.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {table}")
        cursor.execute(f"create temporary table {table} ({columns}) on commit drop")
        with connection.wrap_database_errors, cursor.copy(f"copy {table} from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"analyze {table}")


def default_reason(why: str, *, stored: str, given: str) -> str:
    if why == "unknown":
        return _("“%(value)s” is not known") % {"value": shorten(given)}
    return _("stored is “%(stored)s”, given is “%(given)s”") % {
        "stored": shorten(stored),
        "given": shorten(given),
    }


def as_written(value: str | None) -> str:
    """Return a value of JSON as text; a number loses the zeros of its column's scale."""
    read = json.loads(value, parse_float=Decimal) if value else ""
    return money.plain(read) if isinstance(read, Decimal) else str(read)


# What a merge says of a row that cannot be what is stored; else it lacks something, or is too much.
CONFLICTS = {"differs", "taken", "other", "parts"}


def run_merge(
    statement: str, parameters: dict[str, Any], *, using: str, reason: Reason = default_reason
) -> Report:
    """Run a statement that judges what is staged and writes what is new or changed.

    It returns rows of (outcome, count, lines, field, why, stored, given): one for each outcome,
    with the last four empty; one for each refused row, `stored` and `given` as JSON; and "written",
    the count of rows really written.
    """
    report, written = Report(), 0
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)
        for outcome, count, lines, field_name, why, stored, given in cursor.fetchall():
            if outcome == "written":
                written = count
            elif outcome == RowOutcome.REFUSED:
                told = reason(why, stored=as_written(stored), given=as_written(given))
                report.add_error(RowError(lines[0], field_name, told, why in CONFLICTS))
            else:
                report.add_lines(outcome, lines)
    if written != report.outcomes[RowOutcome.NEW] + report.outcomes[RowOutcome.CHANGED]:
        raise ConcurrentUpdate
    return report
