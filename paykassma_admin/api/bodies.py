"""Bodies of requests that write: one row or a list of rows, as JSON, also compressed by gzip."""

import json
import zlib
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _

from paykassma_admin.api.problems import Refused
from paykassma_admin.imports.batches import InvalidValue, Record, RowError, shorten
from paykassma_admin.imports.files import ROW, Columns, object_texts
from paykassma_admin.middleware.request_body import MAX_API_BYTES

MAX_ROWS = 1_000
GZIP_WINDOW = 16 + zlib.MAX_WBITS  # a header of gzip, no other


def read_rows(request: HttpRequest) -> Any:
    """Return what the body holds, its numbers as texts: a float would change an amount."""
    try:
        return json.loads(
            read_body(request).decode("utf-8-sig"),
            parse_int=str,
            parse_float=str,
            parse_constant=refuse_constant,
            object_pairs_hook=unique_object,
        )
    except (ValueError, RecursionError):
        raise Refused(400, _("The body is no JSON in UTF-8.")) from None


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON does not have


def unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    together = dict(pairs)
    if len(together) < len(pairs):
        names = [name for name, _value in pairs]
        [twice, *_rest] = [name for name in together if names.count(name) > 1]
        raise Refused(400, _("The key “%(key)s” stands twice.") % {"key": shorten(twice)})
    return together


def read_body(request: HttpRequest) -> bytes:
    match request.headers.get("Content-Encoding", "").strip().lower():
        case "" | "identity":
            return request.body
        case "gzip":
            return inflate(request.body)
        case _other:
            raise Refused(415, _("Send the body as it is, or compressed by gzip."))


def inflate(body: bytes) -> bytes:
    """Inflate no more than a body may have: a small one may hold gigabytes."""
    inflater = zlib.decompressobj(GZIP_WINDOW)
    try:
        inflated = inflater.decompress(body, MAX_API_BYTES + 1)
    except zlib.error:
        raise Refused(400, _("The body is not compressed by gzip.")) from None
    if len(inflated) > MAX_API_BYTES:
        raise Refused(413, _("The body is larger than 2 MB. Send fewer rows at once."))
    if not inflater.eof or inflater.unused_data:
        raise Refused(400, _("The body is not compressed by gzip."))
    return inflated


def require_count(rows: list[Any]) -> None:
    if not 1 <= len(rows) <= MAX_ROWS:
        sentence = _("The list has %(rows)s rows. Send 1 to %(most)s at once.")
        raise Refused(422, sentence % {"rows": len(rows), "most": MAX_ROWS})


def as_record(line: int, row: Any, columns: Columns) -> Record | RowError:
    try:
        if not isinstance(row, dict):
            raise InvalidValue(ROW, _("is no JSON object"))
        return line, object_texts(row, columns)
    except InvalidValue as refused:
        return refused.row_error(line)
