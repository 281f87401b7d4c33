"""Rows written since a program last asked, in the order in which their writes became seen.

Each row has the number of the database's transaction that wrote it last. Read is what is older than
all that still run: so nothing can come in before the place that a program has reached.
"""

from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from accounts.http import KeyRequest
from paykassma_admin.api.lists import valid_filters
from paykassma_admin.api.pages import (
    CURSOR,
    LIMIT,
    OF_PAGES,
    is_id,
    next_address,
    pack,
    read_limit,
    read_response,
    refuse_paging,
    refused_parameter,
    unknown_cursor,
    unpack,
)
from transactions.api.rows import STORED, Row, write_rows
from transactions.filters import TransactionFilterSet
from transactions.models import Transaction, TransactionQuerySet

SINCE = "updated_since"
UNSORTED = "sort"
DATES = ("date_from", "date_to", "days")


class Write(NamedTuple):
    number: int
    pk: int


def answer_changes(request: KeyRequest) -> HttpResponse:
    refuse_paging(request, (*OF_PAGES, CURSOR, UNSORTED))
    conditions = request.GET.copy()
    since, limit = (conditions.pop(name, [""]) for name in (SINCE, LIMIT))
    if len(since) > 1 or len(limit) > 1:
        raise refused_parameter(SINCE, _("Give one value here."))
    rows = Transaction.objects.for_client(request.client)
    filters = valid_filters(TransactionFilterSet, with_all_days(conditions), rows, request)
    after, most = read_since(since[0]), read_limit(limit[0])
    found = read_changes(filters.selection.rows(), after, most + 1)
    reached = write_since(found[:most][-1]) if found else since[0]
    more = reached if len(found) > most else None
    return read_response(
        request,
        {
            "rows": write_rows([row for _number, *row in found[:most]], request.client),
            "next": next_address(request, filters.query_of_all_pages, more, name=SINCE),
            SINCE: reached,
        },
    )


def with_all_days(conditions: QueryDict) -> QueryDict:
    """Set no bound where no days are given: a copy misses nothing, however old it is."""
    if not any(name in conditions for name in DATES):
        conditions.update({"date_from": "", "date_to": ""})
    return conditions


def read_changes(rows: TransactionQuerySet, after: Write | None, most: int) -> list[Any]:
    if after:
        beyond = Q(written_in__gt=after.number) | Q(id__gt=after.pk)
        rows = rows.filter(beyond, written_in__gte=after.number)
    rows = rows.settled().order_by("written_in", "id")
    return list(rows.values_list("written_in", *STORED)[:most])


def read_since(text: str) -> Write | None:
    if not text:
        return None
    write = Write(*unpack(SINCE, text))
    if not (is_id(write.number) and is_id(write.pk)):
        raise unknown_cursor(SINCE, text)
    return write


def write_since(row: Row) -> str:
    number, pk, *_rest = row
    return pack(number, pk)
