"""The time line of a transaction: its birth, what changed it, and the notes on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from transactions.models import Change, Note, Source, SourceKind, Transaction

SECOND = timedelta(seconds=1)
STREAM = "-"  # the name of what an import read from standard input


class EntryKind(StrEnum):
    EVENT = "event"
    NOTE = "note"


@dataclass(frozen=True)
class Entry:
    at: datetime
    text: str
    by: str = ""
    kind: EntryKind = EntryKind.EVENT
    later: timedelta = timedelta()  # than the entry before, in whole seconds


def timeline(transaction: Transaction) -> list[Entry]:
    """Return the entries in order; its changes and notes must have been fetched."""
    entries = sorted(all_entries(transaction), key=lambda entry: entry.at)
    return [
        entry
        if earlier is None
        else replace(entry, later=(entry.at - earlier.at) // SECOND * SECOND)
        for earlier, entry in zip([None, *entries], entries, strict=False)
    ]


def all_entries(transaction: Transaction) -> Iterator[Entry]:
    yield Entry(transaction.logged_at, _("Seen on the wallet"))
    yield birth(transaction)
    if transaction.forced_at and transaction.forced_by:
        forced = _("Forced: %(reason)s") % {"reason": transaction.forced_reason}
        yield Entry(transaction.forced_at, forced, transaction.forced_by)
    yield from map(change_entry, transaction.changes.all())
    yield from map(note_entry, transaction.notes.all())


def birth(transaction: Transaction) -> Entry:
    source = transaction.source
    by = source_name(source, transaction.source_row) if source else _("source not recorded")
    return Entry(transaction.recorded_at, _("Recorded"), by)


def source_name(source: Source, row: int | None = None) -> str:
    """Name a source in the page's language: "import of the file bkash.csv, row 118"."""
    values = {"name": source.name, "row": row}
    if source.kind == SourceKind.KEY:
        return _("API key %(name)s") % values
    if source.name == STREAM:
        name = _("import from standard input")
    else:
        name = _("import of the file %(name)s") % values
    return name if row is None else _("%(source)s, row %(row)s") % {"source": name, "row": row}


def change_entry(change: Change) -> Entry:
    by = source_name(change.source) if change.source else change.actor
    return Entry(change.at, capfirst(str(change)), by)


def note_entry(note: Note) -> Entry:
    return Entry(note.at, note.text, note.author, EntryKind.NOTE)
