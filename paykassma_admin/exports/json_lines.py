"""JSON Lines that PostgreSQL writes: an object a row, its values the texts that the CSV has.

No formula is defused: a program reads the file, and an import takes nothing off of its texts.
"""

from collections.abc import Generator
from contextlib import closing
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Expression, F, QuerySet, TextField
from django.db.models.functions import Cast

from paykassma_admin.exports.csv import CsvColumns, FileFormat, copy_out, gather_rows, zoned_sql
from paykassma_admin.exports.formulas import EscapedFormula

# JSON has no control characters in it, so nothing is quoted; COPY's text would double backslashes.
UNQUOTED = r"format csv, delimiter e'\x02', quote e'\x01'"


def stream_json_lines(
    rows: QuerySet[Any], columns: CsvColumns, *, client_id: int, zone: ZoneInfo
) -> Generator[bytes]:
    texts = {name: plain_text(value) for name, value in columns.items()}
    sql, parameters = zoned_sql(rows, texts, zone)
    names = ", ".join(f'"{name}"' for name in columns)
    objects = f"select row_to_json(written)::text from ({sql}) as written ({names})"  # noqa: S608 names are ours
    statement = f"copy ({objects}) to stdout ({UNQUOTED})"
    with closing(copy_out(statement, parameters, client_id=client_id)) as lines:
        yield from map(b"".join, gather_rows(lines))


def plain_text(value: Expression | F) -> Expression:
    """Return a text: many a program would read a number of JSON into a float."""
    raw = value.get_source_expressions()[0] if isinstance(value, EscapedFormula) else value
    return Cast(raw, TextField())


JSON_LINES = FileFormat("jsonl", "application/jsonl; charset=utf-8", stream_json_lines)
