"""Transactions over HTTP, written by the code of imports."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.http import HttpResponse
from ninja import Router

from accounts.api.idempotency import idempotent
from accounts.api_keys import KeyBearer
from accounts.http import KeyRequest
from accounts.models import ApiKey, Scope
from paykassma_admin.api.problems import Problem, RowProblem
from paykassma_admin.api.writes import RowResult, row_body, write_rows
from paykassma_admin.imports.batches import Record, Report, RowError
from transactions.imports.columns import import_transactions
from transactions.imports.row import COLUMNS
from transactions.models import Direction, Type
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


@router.post(
    "",
    auth=KeyBearer(Scope.WRITE),
    response={
        200: list[RowResult] | RowResult,
        201: RowResult,
        (409, 422): RowProblem | Problem,
        (400, 401, 403, 413, 415, 429, 500, 503): Problem,
    },
    summary="Write transactions",
    description="A list of 1 to 1,000 rows is answered by a list in the same order; the good rows"
    " are stored whatever the others are. One row alone is answered by its status. Sent again, a"
    " row changes nothing.",
    operation_id="write_transactions",
    openapi_extra=BODY,
)
@idempotent
def write_transactions(request: KeyRequest) -> HttpResponse:
    return write_rows(request, COLUMNS, partial(store_rows, key=request.auth))


def store_rows(records: Iterable[Record | RowError], *, key: ApiKey) -> Iterator[Report]:
    return import_transactions(records, client=key.client, actor=key.actor, source=key_source(key))
