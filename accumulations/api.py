"""Accumulations over HTTP: read as the list reads them, written by the code of imports."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from accounts.api.idempotency import idempotent
from accounts.api_keys import KeyBearer
from accounts.http import KeyRequest
from accounts.models import Scope
from accumulations.filters import AccumulationFilterSet
from accumulations.imports import COLUMNS, import_accumulations
from accumulations.models import Accumulation, AccumulationQuerySet
from clients.models import Client
from paykassma_admin.api.lists import PROBLEMS, answer_list, list_parameters
from paykassma_admin.api.writes import WRITTEN, row_body, store_body
from paykassma_admin.values.money import plain

router = Router(tags=["accumulations"])

Row = tuple[Any, ...]


class AccumulationResult(Schema):
    id: int
    number: str
    payment_system: str = Field(description="Its code.", examples=["upi_l"])
    wallet: str = Field(description="Its number.", examples=["alpha-1"])
    label: str
    amount: str = Field(examples=["1000.5"])
    currency: str = Field(examples=["INR"])
    formed_at: AwareDatetime = Field(description="In the Client's time zone.")


class AccumulationPage(Schema):
    rows: list[AccumulationResult]
    next: str | None = Field(description="The address of the following rows, if there are any.")


STORED = {
    "id": "id",
    "formed_at": "formed_at",
    "number": "number",
    "payment_system": "wallet__payment_system__code",
    "wallet": "wallet__number",
    "label": "label",
    "amount": "amount",
    "currency": "currency",
}


@router.get(
    "",
    auth=KeyBearer(Scope.READ),
    response={200: AccumulationPage, 304: None, **PROBLEMS},
    summary="Read accumulations",
    description="The parameters are those of the list on screen. Rows come in its order; follow"
    " `next` for more.",
    operation_id="read_accumulations",
    openapi_extra=list_parameters(AccumulationFilterSet),
)
def read_accumulations(request: KeyRequest) -> HttpResponse:
    return answer_list(
        request,
        AccumulationFilterSet,
        Accumulation.objects.for_client(request.client),
        by=lambda _filters: "-formed_at",
        read=read_rows,
        write=partial(write_rows, client=request.client),
    )


TEXT = {"type": "string"}
BODY = row_body(
    "AccumulationRow",
    dict.fromkeys(COLUMNS.names, TEXT) | {"amount": {"type": ["string", "number"]}},
    COLUMNS.required,
)


@router.post(
    "",
    auth=KeyBearer(Scope.WRITE),
    response=WRITTEN,
    summary="Write accumulations",
    description="A list of 1 to 1,000 rows is answered by a list in the same order, one row by its"
    " status. Good rows are stored whatever the others are; sent again, they change nothing.",
    operation_id="write_accumulations",
    openapi_extra=BODY,
)
@idempotent
def write_accumulations(request: KeyRequest) -> HttpResponse:
    store = partial(import_accumulations, client=request.client, actor=request.auth.actor)
    return store_body(request, COLUMNS, store)


def read_rows(rows: AccumulationQuerySet) -> list[Row]:
    return list(rows.values_list(*STORED.values()))


def write_rows(rows: list[Row], client: Client) -> list[dict[str, Any]]:
    return [write_row(dict(zip(STORED, row, strict=True)), client) for row in rows]


def write_row(row: dict[str, Any], client: Client) -> dict[str, Any]:
    row["amount"] = plain(row["amount"])
    row["formed_at"] = row["formed_at"].astimezone(client.zone)
    return {name: row[name] for name in AccumulationResult.model_fields}
