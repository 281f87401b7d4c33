"""Pages of rows by cursor: each goes on where the one before ended, whatever came in meanwhile.

A cursor holds the place of the last row in its order: what the order is by never changes.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from paykassma_admin.api.problems import Refused
from paykassma_admin.imports.batches import shorten

CURSOR, LIMIT = "cursor", "limit"
DEFAULT_LIMIT, MAX_LIMIT = 100, 1_000
MAX_ID = 2**63 - 1
OF_PAGES = ("page", "per_page")  # parameters of the lists on screen alone

PARAMETERS: list[dict[str, Any]] = [
    {"in": "query", "name": CURSOR, "schema": {"type": "string"}, "required": False},
    {
        "in": "query",
        "name": LIMIT,
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "required": False,
    },
]


class Place(NamedTuple):
    """The place of a row in the order of a list."""

    at: datetime
    pk: int


class Paging(NamedTuple):
    conditions: QueryDict  # the other parameters
    after: Place | None
    limit: int


class Page(NamedTuple):
    rows: list[Any]
    next: str | None  # its cursor


def read_paging(request: HttpRequest) -> Paging:
    refuse_paging(request, OF_PAGES)
    conditions = request.GET.copy()
    cursor, limit = (conditions.pop(name, [""]) for name in (CURSOR, LIMIT))
    for name, values in ((CURSOR, cursor), (LIMIT, limit)):
        if len(values) > 1:
            raise refused_parameter(name, _("Give one value here."))
    return Paging(conditions, read_cursor(cursor[0]), read_limit(limit[0]))


def refuse_paging(
    request: HttpRequest, names: Collection[str] = (*OF_PAGES, CURSOR, LIMIT)
) -> None:
    for name in names:
        if name in request.GET:
            raise refused_parameter(name, _("There is no such parameter here."))


def refuse_parameters(request: HttpRequest) -> None:
    """Refuse what is not known: passing over a misspelt condition would show more rows."""
    refuse_paging(request, request.GET.keys())


def refused_parameter(name: str, reason: str) -> Refused:
    return Refused(422, f"{name}: {reason}", field=name)


def read_limit(text: str) -> int:
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_LIMIT):
        sentence = _("Write a whole number from 1 to %(most)s.") % {"most": MAX_LIMIT}
        raise refused_parameter(LIMIT, sentence)
    return int(text)


def write_cursor(place: Place) -> str:
    return pack(place.at.isoformat(), place.pk)


def read_cursor(text: str) -> Place | None:
    if not text:
        return None
    at, pk = unpack(CURSOR, text)
    try:
        place = Place(datetime.fromisoformat(at), pk)
    except (ValueError, TypeError):
        raise unknown_cursor(CURSOR, text) from None
    if place.at.tzinfo is None or not is_id(pk):
        raise unknown_cursor(CURSOR, text)
    return place


def pack(first: str | int, pk: int) -> str:
    return urlsafe_b64encode(json.dumps([first, pk]).encode()).decode().rstrip("=")


def unpack(name: str, text: str) -> tuple[Any, Any]:
    try:
        first, pk = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise unknown_cursor(name, text) from None
    return first, pk


def is_id(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_ID


def unknown_cursor(name: str, text: str) -> Refused:
    sentence = _("“%(value)s” is no cursor. Take it from the last answer as it is.")
    return refused_parameter(name, sentence % {"value": shorten(text)})


def take_page[R: QuerySet[Any]](
    rows: R, by: str, paging: Paging, read: Callable[[R], list[tuple[Any, ...]]]
) -> Page:
    """Read the page after the cursor; `rows` are in the order of `by`, then of `id`.

    `read` returns tuples that begin with the id and the value of `by`.
    """
    field, later = by.lstrip("-"), "lt" if by.startswith("-") else "gt"
    if paging.after:
        at, pk = paging.after
        beyond = Q(**{f"{field}__{later}": at}) | Q(**{f"id__{later}": pk})
        rows = rows.filter(beyond, **{f"{field}__{later}e": at})  # this one is for the index
    found = read(rows[: paging.limit + 1])
    if len(found) <= paging.limit:
        return Page(found, None)
    *page, _following = found
    pk, at, *_rest = page[-1]
    return Page(page, write_cursor(Place(at, pk)))


def next_address(
    request: HttpRequest, conditions: str, cursor: str | None, *, name: str = CURSOR
) -> str | None:
    if cursor is None:
        return None
    limit = request.GET.get(LIMIT, "")
    parts = [conditions, f"{LIMIT}={limit}" if limit else "", f"{name}={cursor}"]
    return f"{request.path}?{'&'.join(filter(None, parts))}"


def read_response(request: HttpRequest, answer: dict[str, Any]) -> HttpResponse:
    """Answer with an ETag; by 304 where the reader has the same answer already."""
    response = JsonResponse(answer)
    etag = f'"{hashlib.sha256(response.content).hexdigest()}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)  # type: ignore[return-value]  # of ours
