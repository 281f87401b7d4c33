"""CSV files that PostgreSQL writes, streamed while it does; docs/adr/0018 says why."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from errno import ECONNRESET
from itertools import chain
from math import inf
from os import strerror
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Expression, F, Func, QuerySet, TextField
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from paykassma_admin.concurrency import LimitReached, limiter
from paykassma_admin.database.statements import select_sql
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.exports.formulas import escape_cells
from paykassma_admin.periods import Period

type CsvColumns = Mapping[str, Expression | F]  # name in the first line → value

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for something else
CHUNK_BYTES = 64 * 1024
RETRY_SECONDS = 30
STALLED_SECONDS = 60

# A file takes as long as its reader.
NO_STATEMENT_TIMEOUT = "set local statement_timeout = 0"

# Of one process. Each holds a thread and a connection for as long as its reader takes.
MAX_EXPORTS = 2
MAX_EXPORTS_PER_MEMBER = 1
PACE_SECONDS = 60  # over which a reader's pace is judged


class TooManyExports(Exception):
    """All places for exports are taken."""


class OwnExportRunning(TooManyExports):
    """Another export of the same member is running."""


class Demand:
    at = -inf

    def note(self) -> None:
        self.at = monotonic()

    def is_recent(self) -> bool:
        return monotonic() - self.at < PACE_SECONDS


demand = Demand()  # of this process


class IsoMoment(Func):
    """ISO 8601 with the offset of that moment in the file's time zone, which `stream_csv` joins."""

    template = "iso_time(clients_timezone.since, clients_timezone.utc_offset, %(expressions)s)"
    output_field = TextField()


@dataclass(frozen=True)
class FileFormat:
    ending: str
    content_type: str
    stream: Callable[..., Generator[bytes]]


class ExportResponse(StreamingHttpResponse):
    """A file of `rows` as `columns`, in their order, that `client_id` sees, by one statement."""

    def __init__(
        self,
        rows: QuerySet[Any],
        columns: CsvColumns,
        *,
        client_id: int,
        member: int,
        zone: ZoneInfo,
        filename: str,
        file_format: FileFormat,
    ) -> None:
        file = file_format.stream(rows, columns, client_id=client_id, zone=zone)
        self.chunks = limit_exports(member, file)
        super().__init__(
            self.chunks,
            content_type=file_format.content_type,
            headers={
                "Content-Disposition": str(content_disposition_header(True, filename)),
                # Django's gzip leaves alone what has an encoding.
                "Content-Encoding": "identity",
            },
        )

    def begin(self) -> None:
        """Make the first chunk, so that a refusal comes before anything is sent."""
        self.streaming_content = chain([next(self.chunks)], self.chunks)


def stream_csv(
    rows: QuerySet[Any], columns: CsvColumns, *, client_id: int, zone: ZoneInfo
) -> Generator[bytes]:
    sql, parameters = zoned_sql(rows, columns, zone)
    names = f"{BYTE_ORDER_MARK}{','.join(columns)}\n".encode()
    statement = f"copy ({sql}) to stdout (format csv)"
    with closing(copy_out(statement, parameters, client_id=client_id)) as lines:
        yield from map(escape_cells, gather_rows(chain([names], lines)))


CSV = FileFormat("csv", "text/csv; charset=utf-8", stream_csv)


def zoned_sql(
    rows: QuerySet[Any], columns: CsvColumns, zone: ZoneInfo
) -> tuple[str, tuple[Any, ...]]:
    of_zone = rows.extra(
        tables=["clients_timezone"], where=["clients_timezone.name = %s"], params=[zone.key]
    )
    return select_sql(of_zone.values_list(*columns.values()))


def copy_out(statement: str, parameters: tuple[Any, ...], *, client_id: int) -> Generator[bytes]:
    with tenant(client_id), connection.cursor() as cursor:
        cursor.execute(NO_STATEMENT_TIMEOUT)
        copy = cursor.cursor.copy  # psycopg's own: Django's takes no parameters where it logs
        with connection.wrap_database_errors, copy(statement, parameters) as lines:
            yield from lines


def gather_rows(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    rows, size = [], 0
    for line in lines:
        rows.append(line)
        size += len(line)
        if size >= CHUNK_BYTES:
            yield rows
            rows, size = [], 0
    yield rows


def limit_exports(member: int, file: Generator[bytes]) -> Iterator[bytes]:
    """Yield the file from one of the few places. Raise TooManyExports before its first byte."""
    with ExitStack() as taken:
        try:
            taken.enter_context(
                limiter.turn(("export", member), at_once=MAX_EXPORTS_PER_MEMBER, wait=False)
            )
        except LimitReached:
            raise OwnExportRunning from None
        try:
            taken.enter_context(limiter.turn("exports", at_once=MAX_EXPORTS, wait=False))
        except LimitReached:
            demand.note()
            raise TooManyExports from None
        with closing(file):
            yield from drop_slow_reader(file)


def drop_slow_reader(file: Iterator[bytes]) -> Iterator[bytes]:
    """Stop for a reader who was slow for a minute, as soon as others want the place.

    Only the time spent waiting for the reader counts: a slow database is not their fault.
    """
    is_slow, since, sent, waited = False, monotonic(), 0, 0.0
    for chunk in file:
        offered = monotonic()
        yield chunk
        now = monotonic()
        sent, waited = sent + len(chunk), waited + now - offered
        if now - since >= PACE_SECONDS:
            is_slow = sent < settings.EXPORT_LEAST_RATE * waited
            since, sent, waited = now, 0, 0.0
        if is_slow and demand.is_recent():
            # As if the reader had gone: the server ends the connection, and not the file.
            raise ConnectionResetError(ECONNRESET, strerror(ECONNRESET))


class ExportMiddleware:
    """Start a file once nothing else of its request needs the connection."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, ExportResponse):
            return response
        if request.method == "HEAD":
            response.streaming_content = ()
            return response
        return start_export(request, response)


def start_export(request: HttpRequest, response: ExportResponse) -> HttpResponseBase:
    try:
        response.begin()
    except OwnExportRunning:
        return own_export_running(request)
    except TooManyExports:
        return too_many_exports(request)
    set_stall_timeout(request)
    return response


def set_stall_timeout(request: HttpRequest) -> None:
    """Time out a stalled reader, who would hold a place and a snapshot of the database for good."""
    if socket := request.META.get("gunicorn.socket"):
        socket.settimeout(STALLED_SECONDS)


def too_many_exports(request: HttpRequest) -> HttpResponse:
    reasons = [
        _("Other files are being exported. Try again in half a minute."),
        _("Whoever reads too slowly gives their place up to you within a minute."),
    ]
    return add_retry_after(refusal_page(request, reasons, status=503))


def own_export_running(request: HttpRequest) -> HttpResponse:
    reason = _("Your other file is still being exported. Wait for its end, or cancel it.")
    return add_retry_after(refusal_page(request, [reason], status=429))


def add_retry_after(response: HttpResponse) -> HttpResponse:
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def refusal_page(
    request: HttpRequest, reasons: list[str], *, status: int, back: str = ""
) -> HttpResponse:
    """Render a page without user and session, which the database holds.

    `back` names the page that stands where the file would be; it is a list, unless it says other.
    """
    address = f"./?{request.GET.urlencode()}"
    shown = {"reasons": reasons, "address": address, "back": back or _("Back to the list")}
    return HttpResponse(render_to_string("export_refused.html", shown), status=status)


def export_filename(kind: str, owner: str, period: Period, ending: str = "csv") -> str:
    """Return a name as in "alpha_transactions_2026-11-17_2026-11-24.csv"."""
    return f"{owner}_{kind}_{period.first or 'beginning'}_{period.last or 'end'}.{ending}"
