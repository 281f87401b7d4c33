"""A streaming reader of CSV and JSON Lines: each row's line and its texts, by known columns."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, takewhile, zip_longest
from operator import itemgetter
from typing import Any, BinaryIO, NoReturn

from django.utils.translation import gettext as _

from paykassma_admin.exports.formulas import unescape_row
from paykassma_admin.imports.batches import BadFile, InvalidValue, Record, RowError, shorten
from paykassma_admin.values.identifiers import trim

DELIMITERS = ",;\t"
MAX_LINE_BYTES = 1_000_000  # bytes: what has no line ends is not held in memory
CARRIAGE_RETURN_ALONE = re.compile(rb"\r(?!\n)")
END_OF_LINE = re.compile(rb"(?<=\r)(?=[^\n])|(?<=\n)(?=[\s\S])")
# What Excel writes, and reads, before the header: the delimiter of the file.
SEPARATOR_LINE = re.compile(r'"?sep=(.?)"?[,;\t]*', re.IGNORECASE)
ROW = "row"  # the field of a refusal that concerns no single column
# In a file of refused rows, which is mended and imported again.
REASON_COLUMNS = ("refused_line", "refused_column", "refused_reason")

# What PostgreSQL cannot store: NUL, and the halves of surrogate pairs that JSON can spell.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Columns:
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # an export of ours has them; they follow from the others

    @property
    def names(self) -> tuple[str, ...]:
        return self.required + self.optional

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.names + self.unread + REASON_COLUMNS)


def read(
    stream: BinaryIO, columns: Columns, chosen: Mapping[str, str] | None = None
) -> Iterator[Record | RowError]:
    """Yield texts in the order of `columns.names`, trimmed; an absent one is empty.

    `chosen`: the file's name of each of our columns, if a person has said; then the file's other
    columns are passed over. Raise BadFile at the line where the file stops being one of ours.
    """
    lines = TextLines(stream)
    first = first_line(lines)
    if first.lstrip().startswith("{"):
        return json_records(lines, first, columns, chosen)
    return csv_records(lines, first, columns, chosen)


def first_line(lines: "TextLines") -> str:
    first = next_nonblank(lines)
    if first and (separator := SEPARATOR_LINE.fullmatch(first.rstrip("\r\n"))):
        require_delimiter(separator[1])
        first = next_nonblank(lines)
    if first is None:
        raise BadFile(_("The file is empty."))
    if first.lstrip().startswith("["):
        raise BadFile(_("This is a JSON array. Write one object a line, without commas between."))
    return first


def next_nonblank(lines: Iterable[str]) -> str | None:
    return next((line for line in lines if line.strip()), None)


def require_delimiter(named: str) -> None:
    if named not in DELIMITERS:
        sentence = _("“%(line)s” names a delimiter that is not read. Use comma, semicolon or tab.")
        raise BadFile(sentence % {"line": shorten(f"sep={named}")})


class TextLines:
    def __init__(self, stream: BinaryIO) -> None:
        self.lines = raw_lines(stream)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = next(self.lines)
        self.number += 1
        if len(raw) == MAX_LINE_BYTES:
            self.stop(_("Line %(line)s is longer than a row can be."))
        try:
            return raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError:
            self.stop(_("Line %(line)s is not text in UTF-8. Save the file in that encoding."))

    def stop(self, sentence: str) -> NoReturn:
        raise BadFile(sentence % {"line": self.number})


def raw_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines with their ends; the first tells whether a carriage return alone is an end."""
    first = stream.readline(MAX_LINE_BYTES)
    if CARRIAGE_RETURN_ALONE.search(first):
        return split_at_carriage_returns(first, stream)
    rest = iter(partial(stream.readline, MAX_LINE_BYTES), b"")
    return chain([first] if first else [], rest)


def split_at_carriage_returns(text: bytes, stream: BinaryIO) -> Iterator[bytes]:
    while text:
        *lines, text = END_OF_LINE.split(text)
        yield from lines
        more = b"" if len(text) >= MAX_LINE_BYTES else stream.read(MAX_LINE_BYTES - len(text))
        if not more:
            yield text[:MAX_LINE_BYTES]
            return
        text += more


# CSV


def csv_records(
    lines: TextLines, first: str, columns: Columns, chosen: Mapping[str, str] | None = None
) -> Iterator[Record | RowError]:
    delimiter, header = csv_header(first, columns) if chosen is None else csv_chosen(first, chosen)
    pick = itemgetter(*(header.index(c) if c in header else -1 for c in columns.names))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = None
    while True:
        line = lines.number + 1
        try:
            cells = next(reader)
            if not any(cells):
                continue
            width = width or row_width(header, cells)
            require_width(cells, width, len(header))
            require_names(header, cells)
            cells.append("")  # what `pick` takes for an absent column
            yield line, unescape_row(trim_texts(pick(cells)))
        except StopIteration:
            return
        except csv.Error:
            yield quote_error(line, lines.number)
        except InvalidValue as refused:
            yield refused.row_error(line)


def row_width(header: list[str], first: list[str]) -> int:
    """Return how many cells each row must have, by the first one.

    Many programs end each row with a delimiter, or only the header. To take rows of either width
    in one file would hide a cell that a delimiter inside of it has cut in two.
    """
    least = len(header) - len(list(takewhile(lambda name: not name, reversed(header))))
    ends_with_nothing = not any(cell.strip() for cell in first[least:])
    return len(first) if len(first) >= least and ends_with_nothing else len(header)


def csv_header(first: str, columns: Columns) -> tuple[str, list[str]]:
    readings = [(delimiter, header_names(first, delimiter)) for delimiter in DELIMITERS]
    delimiter, header = max(readings, key=lambda reading: len({*reading[1]} & {*columns.names}))
    require_columns(header, columns)
    return delimiter, header


def csv_chosen(first: str, chosen: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the header in our names; a column that was not chosen keeps one that is not ours."""
    delimiter, header = guess_header(first)
    ours = {name: our for our, name in chosen.items()}
    return delimiter, [ours.get(name, f"({name})") for name in header]


def guess_header(first: str) -> tuple[str, list[str]]:
    """Return the delimiter that makes the most names of the first line, and the names."""
    readings = [(delimiter, header_names(first, delimiter)) for delimiter in DELIMITERS]
    return max(readings, key=lambda reading: len(reading[1]))


def header_names(first: str, delimiter: str) -> list[str]:
    try:
        return [trim(name) for name in next(csv.reader([first], delimiter=delimiter))]
    except csv.Error:  # longer than any header
        return []


def require_columns(header: list[str], columns: Columns) -> None:
    if not {*header} & {*columns.names}:
        raise BadFile(missing_header(columns))
    if missing := [name for name in columns.required if name not in header]:
        raise BadFile(_("The file lacks columns: %(columns)s.") % {"columns": ", ".join(missing)})
    if unknown := [name for name in header if name and name not in columns.known]:
        raise BadFile(
            _("The file has unknown columns: %(unknown)s. Known are: %(columns)s.")
            % {"unknown": ", ".join(map(shorten, unknown)), "columns": ", ".join(columns.names)}
        )
    if twice := [name for name in columns.names if header.count(name) > 1]:
        raise BadFile(_("The file has columns twice: %(columns)s.") % {"columns": ", ".join(twice)})


def missing_header(columns: Columns) -> str:
    named = {"columns": ", ".join(columns.required), "optional": ", ".join(columns.optional)}
    if not columns.optional:
        return _("The first line must name the columns: %(columns)s.") % named
    return _("The first line must name the columns: %(columns)s. Optional: %(optional)s.") % named


def require_width(cells: list[str], width: int, named: int) -> None:
    if len(cells) != width:
        sentence = (
            _("has %(cells)s cells, but the first line names %(width)s columns")
            if width == named
            else _("has %(cells)s cells, but the first row has %(width)s")
        )
        raise InvalidValue(ROW, sentence % {"cells": len(cells), "width": width})


def require_names(header: list[str], cells: list[str]) -> None:
    """Refuse a value in a column without a name; such a column may be empty."""
    if len(cells) <= len(header) and all(header):
        return
    for place, (name, cell) in enumerate(zip_longest(header, cells, fillvalue=""), 1):
        if not name and (value := cell.strip()):
            sentence = _("has no name in the first line, but here it says “%(value)s”")
            raise InvalidValue(
                _("column %(place)s") % {"place": place}, sentence % {"value": shorten(value)}
            )


def quote_error(first: int, last: int) -> RowError:
    if first == last:
        return RowError(first, ROW, _("its quotes are not balanced"))
    reason = _("a quote opens and is not closed; lines %(first)s to %(last)s are lost with it")
    return RowError(first, ROW, reason % {"first": first, "last": last})


# JSON Lines


def json_records(
    lines: TextLines, first: str, columns: Columns, chosen: Mapping[str, str] | None = None
) -> Iterator[Record | RowError]:
    for text in chain([first], lines):
        if text.isspace():
            continue
        try:
            row = json_object(text)
            if chosen is not None:
                row = {our: row[name] for our, name in chosen.items() if name in row}
            yield lines.number, object_texts(row, columns)
        except InvalidValue as refused:
            yield refused.row_error(lines.number)


def object_texts(row: dict[str, Any], columns: Columns) -> list[str]:
    """Return the texts of an object of JSON, whose numbers are texts."""
    require_known(row, columns.known)
    require_named(row, columns.required)
    return trim_texts(json_text(name, row.get(name)) for name in columns.names)


def json_object(line: str) -> dict[str, Any]:
    """Parse a line, numbers as texts: a float would change an amount."""
    try:
        row = json.loads(line, parse_int=str, parse_float=str, object_pairs_hook=unique_keys)
    except (ValueError, RecursionError):
        raise InvalidValue(ROW, _("is no JSON")) from None
    if not isinstance(row, dict):
        raise InvalidValue(ROW, _("is no JSON object"))
    return row


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise InvalidValue(ROW, _("has a key twice"))
    return row


def require_known(row: dict[str, Any], known: frozenset[str]) -> None:
    for name in row.keys() - known:
        if name.strip():
            names = ", ".join(sorted(map(shorten, row.keys() - known)))
            raise InvalidValue(ROW, _("has unknown columns: %(unknown)s") % {"unknown": names})
        if value := json_text(ROW, row[name]).strip():
            sentence = _("has a value without a name: “%(value)s”")
            raise InvalidValue(ROW, sentence % {"value": shorten(value)})


def require_named(row: dict[str, Any], required: Sequence[str]) -> None:
    if missing := [name for name in required if name not in row]:
        raise InvalidValue(ROW, _("lacks columns: %(columns)s") % {"columns": ", ".join(missing)})


def json_text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidValue(name, _("is neither a text nor a number"))
    return value


# Both


def trim_texts(texts: Iterable[str]) -> list[str]:
    values = [trim(text) for text in texts]
    joined = "\n".join(values)
    if "\0" in joined or (not joined.isascii() and UNSTORABLE.search(joined)):
        raise InvalidValue(ROW, _("has characters that are no text"))
    return values
