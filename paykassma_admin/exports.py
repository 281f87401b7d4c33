"""Files that PostgreSQL writes as CSV, sent on while it does; docs/adr/0018 says why so."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from threading import BoundedSemaphore
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Expression, F, Func, QuerySet, TextField
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from paykassma_admin.formulas import defused_within
from paykassma_admin.periods import Period
from paykassma_admin.tenancy import tenant

type CsvColumns = Mapping[str, Expression | F]  # name in the first line → value

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for something else
CHUNK_BYTES = 64 * 1024
RETRY_SECONDS = 30
STALLED_SECONDS = 60

# A file takes as long as its reader.
WHILE_STREAMED = "set local statement_timeout = 0"

# Of one process. Each holds a thread and a connection for as long as its reader likes.
MOST_AT_ONCE = 2
free = BoundedSemaphore(MOST_AT_ONCE)


class TooManyExports(Exception):
    """As many files as may be sent at once are being sent."""


class IsoMoment(Func):
    """ISO 8601 with the offset of that moment in the file's time zone, which `written` joins."""

    template = "iso_time(clients_timezone.since, clients_timezone.utc_offset, %(expressions)s)"
    output_field = TextField()


class CsvResponse(StreamingHttpResponse):
    """`rows`, in their order, as `columns`: seen as `client_id`, in one statement."""

    def __init__(
        self,
        rows: QuerySet[Any],
        columns: CsvColumns,
        *,
        client_id: int,
        zone: ZoneInfo,
        filename: str,
    ) -> None:
        self.chunks = written(rows, columns, client_id=client_id, zone=zone)
        super().__init__(
            self.chunks,
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": str(content_disposition_header(True, filename)),
                # Django's gzip leaves alone what has an encoding.
                "Content-Encoding": "identity",
            },
        )

    def begin(self) -> None:
        """Write the first chunk, so that what cannot be written is refused before it is sent."""
        self.streaming_content = chain([next(self.chunks)], self.chunks)


def written(
    rows: QuerySet[Any], columns: CsvColumns, *, client_id: int, zone: ZoneInfo
) -> Iterator[bytes]:
    of_zone = rows.extra(
        tables=["clients_timezone"], where=["clients_timezone.name = %s"], params=[zone.key]
    )
    sql, parameters = of_zone.values_list(*columns.values()).query.sql_with_params()
    copy_out = f"copy ({sql}) to stdout (format csv)"
    names = f"{BYTE_ORDER_MARK}{','.join(columns)}\n".encode()
    with one_of_a_few(), tenant(client_id), connection.cursor() as cursor:
        cursor.execute(WHILE_STREAMED)
        copy = cursor.cursor.copy  # psycopg's own: Django's takes no parameters where it logs
        with connection.wrap_database_errors, copy(copy_out, parameters) as lines:
            yield from in_chunks(chain([names], lines))


def in_chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    rows, size = [], 0
    for line in lines:
        rows.append(line)
        size += len(line)
        if size >= CHUNK_BYTES:
            yield defused_within(rows)
            rows, size = [], 0
    yield defused_within(rows)


@contextmanager
def one_of_a_few() -> Iterator[None]:
    if not free.acquire(blocking=False):
        raise TooManyExports
    try:
        yield
    finally:
        free.release()


class CsvMiddleware:
    """Begins a file where nothing else of its request needs the connection any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, CsvResponse):
            return response
        if request.method == "HEAD":
            response.streaming_content = ()
            return response
        return begun(request, response)


def begun(request: HttpRequest, response: CsvResponse) -> HttpResponseBase:
    try:
        response.begin()
    except TooManyExports:
        return too_many(request)
    give_up_on_a_reader_who_stalls(request)
    return response


def give_up_on_a_reader_who_stalls(request: HttpRequest) -> None:
    """He would hold one of the few, and a snapshot of the database, until the server restarts."""
    if socket := request.META.get("gunicorn.socket"):
        socket.settimeout(STALLED_SECONDS)


def too_many(request: HttpRequest) -> HttpResponse:
    reason = _("Other files are being exported. Try again in half a minute.")
    response = refused(request, [reason], status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def refused(request: HttpRequest, reasons: list[str], *, status: int) -> HttpResponse:
    """A page without user and session, which the database holds: it may be shown after both."""
    listed = f"./?{request.GET.urlencode()}"  # the list is where the file would be
    page = render_to_string("export_refused.html", {"reasons": reasons, "listed": listed})
    return HttpResponse(page, status=status)


def named(kind: str, owner: str, period: Period) -> str:
    """ "alpha_transactions_2026-11-17_2026-11-24.csv" """
    return f"{owner}_{kind}_{period.first or 'beginning'}_{period.last or 'end'}.csv"
