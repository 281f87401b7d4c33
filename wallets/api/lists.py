"""A Client's wallets, payment systems and newest balances over HTTP."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from accounts.api.idempotency import idempotent
from accounts.api_keys import KeyBearer
from accounts.http import KeyRequest
from accounts.models import Scope
from paykassma_admin.api.lists import PROBLEMS
from paykassma_admin.api.pages import read_response, refuse_parameters
from paykassma_admin.api.writes import WRITTEN, row_body, store_body
from paykassma_admin.values.money import plain
from wallets.balances import read_answers
from wallets.imports import BALANCE_COLUMNS, import_balances
from wallets.models import Balance, PaymentSystem, Wallet
from wallets.statuses import Status

wallets = Router(tags=["wallets"])
payment_systems = Router(tags=["wallets"])
balances = Router(tags=["wallets"])

RESPONSES: dict[Any, Any] = {304: None, **PROBLEMS}


class OwnWallet(Schema):
    id: int
    payment_system: str = Field(description="Its code.", examples=["upi_l"])
    number: str
    name: str
    currency: str
    country: str
    is_active: bool


class WalletList(Schema):
    rows: list[OwnWallet]


@wallets.get(
    "",
    auth=KeyBearer(Scope.READ),
    response={200: WalletList, **RESPONSES},
    summary="Read all wallets",
    operation_id="read_wallets",
)
def read_wallets(request: KeyRequest) -> HttpResponse:
    refuse_parameters(request)
    own = Wallet.objects.for_client(request.client).select_related("payment_system")
    rows = [write_wallet(wallet) for wallet in own.order_by("id")]
    return read_response(request, {"rows": rows})


def write_wallet(wallet: Wallet) -> dict[str, Any]:
    return {
        "id": wallet.pk,
        "payment_system": wallet.payment_system.code,
        "number": wallet.number,
        "name": wallet.name,
        "currency": wallet.currency,
        "country": wallet.country,
        "is_active": wallet.is_active,
    }


class OwnPaymentSystem(Schema):
    code: str = Field(examples=["upi_l"])
    name: str
    currency: str
    country: str
    is_active: bool
    statuses: list[Status] = Field(description="That its transactions may have.")


class PaymentSystemList(Schema):
    rows: list[OwnPaymentSystem]


@payment_systems.get(
    "",
    auth=KeyBearer(Scope.READ),
    response={200: PaymentSystemList, **RESPONSES},
    summary="Read the payment systems of your wallets",
    operation_id="read_payment_systems",
)
def read_payment_systems(request: KeyRequest) -> HttpResponse:
    refuse_parameters(request)
    used = Wallet.objects.for_client(request.client).order_by().values("payment_system")
    systems = PaymentSystem.objects.filter(pk__in=used).prefetch_related("statuses")
    rows = [write_payment_system(system) for system in systems.order_by("code")]
    return read_response(request, {"rows": rows})


def write_payment_system(system: PaymentSystem) -> dict[str, Any]:
    return {
        "code": system.code,
        "name": system.name,
        "currency": system.currency,
        "country": system.country,
        "is_active": system.is_active,
        "statuses": sorted(each.status for each in system.statuses.all()),
    }


class ReportedBalance(Schema):
    payment_system: str = Field(description="Its code.", examples=["upi_l"])
    currency: str
    amount: str = Field(examples=["123456.5"])
    commission_percent: str | None
    as_of: AwareDatetime = Field(description="In the Client's time zone.")
    is_active: bool = Field(
        description="Whether a balance request is answered by it: a wallet of its payment system"
        " is switched on."
    )


class BalanceList(Schema):
    rows: list[ReportedBalance]


@balances.get(
    "",
    auth=KeyBearer(Scope.READ),
    response={200: BalanceList, **RESPONSES},
    summary="Read the newest balance of each payment system and currency",
    operation_id="read_balances",
)
def read_balances(request: KeyRequest) -> HttpResponse:
    refuse_parameters(request)
    own = Balance.objects.for_client(request.client).select_related("payment_system")
    newest = own.newest_of_all(request.client, timezone.now())
    active = {each.wallet_type for each in read_answers(request.client) if each.status}
    rows = [
        write_balance(balance, request) | {"is_active": balance.payment_system.code in active}
        for balance in newest
    ]
    rows.sort(key=lambda row: (row["payment_system"], row["currency"]))
    return read_response(request, {"rows": rows})


NUMBER = {"type": ["string", "number"]}
BODY = row_body(
    "BalanceRow",
    {name: {"type": "string"} for name in BALANCE_COLUMNS.names}
    | {"amount": NUMBER, "commission_percent": NUMBER},
    BALANCE_COLUMNS.required,
)


@balances.post(
    "",
    auth=KeyBearer(Scope.WRITE),
    response=WRITTEN,
    summary="Write balances",
    description="A list of 1 to 1,000 rows is answered by a list in the same order, one row by its"
    " status. Good rows are stored whatever the others are; sent again, they change nothing.",
    operation_id="write_balances",
    openapi_extra=BODY,
)
@idempotent
def write_balances(request: KeyRequest) -> HttpResponse:
    store = partial(import_balances, client=request.client, actor=request.auth.actor)
    return store_body(request, BALANCE_COLUMNS, store)


def write_balance(balance: Balance, request: KeyRequest) -> dict[str, Any]:
    percent = balance.commission_percent
    return {
        "payment_system": balance.payment_system.code,
        "currency": balance.currency,
        "amount": plain(balance.amount),
        "commission_percent": None if percent is None else plain(percent),
        "as_of": balance.as_of.astimezone(request.client.zone),
    }
