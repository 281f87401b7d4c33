"""Totals over HTTP: those that stand over the list on screen."""

from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from accounts.api_keys import KeyBearer
from accounts.http import KeyRequest
from accounts.models import Scope
from paykassma_admin.api.lists import PROBLEMS, list_parameters, valid_filters
from paykassma_admin.api.pages import read_response, refuse_paging
from paykassma_admin.values.money import json_text
from transactions.filters import TransactionFilterSet
from transactions.models import Direction, Transaction
from transactions.totals.result import Total, Totals

router = Router(tags=["transactions"])


class Sum(Schema):
    direction: Direction
    currency: str
    amount: str | None = Field(description="Null where nothing could be converted.")
    count: int
    unconverted: int = Field(description="How many of them no rate is known for.")


class TotalsResult(Schema):
    count: int
    is_exact: bool = Field(description="Otherwise there are more, and no sums.")
    sums: list[Sum] = Field(description="By currency of arrival and direction.")
    converted: list[Sum] = Field(description="By direction, converted to `currency`.")


@router.get(
    "",
    auth=KeyBearer(Scope.READ),
    response={200: TotalsResult, 304: None, **PROBLEMS},
    summary="Read totals of transactions",
    operation_id="read_totals",
    openapi_extra=list_parameters(TransactionFilterSet, has_pages=False),
)
def read_totals(request: KeyRequest) -> HttpResponse:
    refuse_paging(request)
    rows = Transaction.objects.for_client(request.client)
    totals = valid_filters(TransactionFilterSet, request.GET, rows, request).totals
    answer: dict[str, Any] = {"count": totals.count, "is_exact": totals.is_exact}
    sums, converted = [], []
    if isinstance(totals, Totals):
        sums, converted = totals.by_currency_and_direction(), totals.by_direction()
    answer["sums"], answer["converted"] = map(write_sums, (sums, converted))
    return read_response(request, answer)


def write_sums(sums: list[Total]) -> list[dict[str, Any]]:
    return [
        {
            "direction": each.direction,
            "currency": each.currency,
            "amount": json_text(each.known_amount),
            "count": each.count,
            "unconverted": each.unconverted,
        }
        for each in sums
    ]
