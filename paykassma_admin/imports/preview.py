"""The beginning of a file of any columns, for who is to say what they are."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from paykassma_admin.imports.batches import BadFile, InvalidValue
from paykassma_admin.imports.files import (
    TextLines,
    first_line,
    guess_header,
    json_object,
    json_text,
    trim_texts,
)

SHOWN_ROWS = 5
MAX_COLUMNS = 200


@dataclass(frozen=True)
class Preview:
    """`delimiter` is empty for JSON Lines."""

    delimiter: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def preview(stream: BinaryIO) -> Preview:
    """Raise BadFile where even the first lines are no table."""
    lines = TextLines(stream)
    first = first_line(lines)
    if first.lstrip().startswith("{"):
        return preview_json(first, lines)
    delimiter, header = guess_header(first)
    rows = islice(csv.reader(lines, delimiter=delimiter), SHOWN_ROWS)
    return Preview(delimiter, tuple(header)[:MAX_COLUMNS], tuple(map(tuple, texts_of(rows))))


def texts_of(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for row in rows:
            yield trim_texts(row[:MAX_COLUMNS])
    except (csv.Error, InvalidValue):
        return  # the row's reason comes with the import


def preview_json(first: str, lines: TextLines) -> Preview:
    try:
        objects = [json_object(first)]
    except InvalidValue as error:
        raise BadFile(f"{error.field}: {error.reason}") from None
    for line in islice(lines, SHOWN_ROWS - 1):
        try:
            objects.append(json_object(line))
        except InvalidValue:
            break
    names = tuple(dict.fromkeys(name for row in objects for name in row))[:MAX_COLUMNS]
    return Preview("", names, tuple(object_row(row, names) for row in objects))


def object_row(row: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(trim_texts(json_text(name, row.get(name)) for name in names))
    except InvalidValue:
        return ("",) * len(names)
