"""Transactions over HTTP: read as the list reads them, written by the code of imports."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from accounts.api.idempotency import idempotent
from accounts.api_keys import KeyBearer
from accounts.http import KeyRequest
from accounts.models import ApiKey, Scope
from paykassma_admin.api.lists import PROBLEMS, answer_list, list_parameters
from paykassma_admin.api.pages import read_response, refuse_parameters
from paykassma_admin.api.problems import Problem, Refused
from paykassma_admin.api.writes import WRITTEN, row_body, store_body
from paykassma_admin.imports.batches import Record, Report, RowError
from transactions.api.changes import SINCE, answer_changes
from transactions.api.rows import (
    TransactionPage,
    TransactionResult,
    read_rows,
    write_rows,
)
from transactions.filters import TransactionFilterSet
from transactions.imports.columns import import_transactions
from transactions.imports.row import COLUMNS
from transactions.models import Direction, Transaction, Type
from transactions.query.sorting import BY_AMOUNT, ORDERS
from transactions.sources import key_source
from wallets.statuses import Status

router = Router(tags=["transactions"])

TEXT = {"type": "string"}
NUMBER = {"type": ["string", "number"]}  # a text keeps its digits in every language
MOMENT = {"type": "string", "examples": ["2026-11-24T14:02:51+05:30"]}
DESCRIBED: dict[str, dict[str, Any]] = {
    "number": dict(TEXT, description="The payment system's own reference.", examples=["T1"]),
    "payment_system": dict(TEXT, description="Its code.", examples=["upi_l"]),
    "wallet": dict(TEXT, description="The wallet's number.", examples=["alpha-1"]),
    "direction": {"enum": Direction.values},
    "type": {"enum": Type.values},
    "status": {"enum": Status.values},
    "amount": dict(NUMBER, examples=["1000.50"]),
    "currency": dict(TEXT, examples=["INR"]),
    "country": dict(TEXT, examples=["IN"]),
    "logged_at": dict(MOMENT, description="Without an offset: in the Client's time zone."),
    "activated_at": MOMENT,
    "usd_rate": NUMBER,
}
BODY = row_body(
    "TransactionRow",
    {name: DESCRIBED.get(name, TEXT) for name in COLUMNS.names},
    COLUMNS.required,
)


@router.get(
    "",
    auth=KeyBearer(Scope.READ),
    response={200: TransactionPage, 304: None, **PROBLEMS},
    summary="Read transactions",
    description="The parameters are those of the list on screen. Rows come in its order; follow"
    " `next` for more. With `updated_since` (empty for the first time, then as the last answer has"
    " it) they are all that was written since, in the order of writing, of any day.",
    operation_id="read_transactions",
    openapi_extra=list_parameters(TransactionFilterSet, SINCE),
)
def read_transactions(request: KeyRequest) -> HttpResponse:
    if SINCE in request.GET:
        return answer_changes(request)
    return answer_list(
        request,
        TransactionFilterSet,
        Transaction.objects.for_client(request.client),
        by=order_of,
        read=read_rows,
        write=partial(write_rows, client=request.client),
    )


def order_of(filters: Any) -> str:
    sort = filters.selection.sort
    if sort in BY_AMOUNT:
        raise Refused(422, _("sort: The API reads transactions by date."), field="sort")
    return ORDERS[sort][0]


@router.get(
    "/{int:pk}",
    auth=KeyBearer(Scope.READ),
    response={200: TransactionResult, 304: None, 404: Problem, **PROBLEMS},
    summary="Read a transaction",
    operation_id="read_transaction",
)
def read_transaction(request: KeyRequest, pk: int) -> HttpResponse:
    refuse_parameters(request)
    found = read_rows(Transaction.objects.for_client(request.client).filter(pk=pk))
    if not found:
        raise Refused(404, _("There is no such transaction."))
    [row] = write_rows(found, request.client)
    return read_response(request, row)


@router.post(
    "",
    auth=KeyBearer(Scope.WRITE),
    response=WRITTEN,
    summary="Write transactions",
    description="A list of 1 to 1,000 rows is answered by a list in the same order, one row by its"
    " status. Good rows are stored whatever the others are; sent again, they change nothing.",
    operation_id="write_transactions",
    openapi_extra=BODY,
)
@idempotent
def write_transactions(request: KeyRequest) -> HttpResponse:
    return store_body(request, COLUMNS, partial(store_rows, key=request.auth))


def store_rows(records: Iterable[Record | RowError], *, key: ApiKey) -> Iterator[Report]:
    return import_transactions(records, client=key.client, actor=key.actor, source=key_source(key))
