"""The balance request over HTTP, in the guide's terms."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from ninja import Router, Schema
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounts.actors import actor_of
from accounts.api_keys import KeyBearer
from accounts.http import ClientRequest
from accounts.models import Scope
from paykassma_admin.api.errors import BAD_IDENTIFIER
from paykassma_admin.api.problems import Problem
from paykassma_admin.values import identifiers
from paykassma_admin.values.identifiers import BadIdentifier
from paykassma_admin.values.money import json_number
from wallets.balances import BalanceAnswer, read_answers, refresh_answers, request_balance
from wallets.forms import WALLET_TYPE_LENGTH
from wallets.models import Balance


def clean(wallet_type: object) -> object:
    """Clean text as a form does; leave other values to pydantic."""
    if not isinstance(wallet_type, str):
        return wallet_type
    try:
        return identifiers.clean(wallet_type)
    except BadIdentifier as error:
        raise PydanticCustomError(BAD_IDENTIFIER, "{why}", {"why": str(error)}) from None


WalletType = Annotated[
    str,
    BeforeValidator(clean),
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=WALLET_TYPE_LENGTH, pattern=r"^[^\x00]*$"
    ),
]


# All digits of it: those of a float are fifteen.
Exact = Annotated[Decimal, WithJsonSchema({"type": "number"})]


class BalanceQuestion(Schema):
    """Ignores further keys."""

    wallet_type: WalletType = Field(
        description="The code or the name of a payment system, in any case. One that fits several"
        " types and is no code as it is spelled is answered with their codes in `reason`.",
        examples=["dusupay"],
    )


class WalletResult(Schema):
    number: str = Field(examples=["256700100200"])
    name: str = Field(examples=["Main"])
    currency: str = Field(examples=["UGX"])


class OtherBalance(Schema):
    currency: str = Field(examples=["USD"])
    balance: Exact = Field(examples=[250.5])
    commission: Exact | None = Field(examples=[None])
    as_of: datetime = Field(examples=["2026-11-24T17:25:00+05:30"])


class BalanceResult(Schema):
    """`status`, `balance` and `commission` are the guide's; the rest says what else is known."""

    status: bool = Field(description="Whether an active wallet of this type is there.")
    balance: Exact | None = Field(
        description="In `currency`; null where nothing is known.",
        examples=[123456.0],
    )
    commission: Exact | None = Field(
        description="Percent taken on withdrawal, null where it is not known.", examples=[1.5]
    )
    reason: str | None = Field(
        description="Why there is no balance, or none of this moment: then `as_of` says of which."
        " In the language of a refusal’s reason.",
        examples=[None],
    )
    currency: str | None = Field(
        description="The payment system's own; where all wallets are in another, that one.",
        examples=["UGX"],
    )
    as_of: datetime | None = Field(
        description="The moment of the balance, in the Client's time zone.",
        examples=["2026-11-24T17:25:00+05:30"],
    )
    wallets: list[WalletResult] = Field(description="The active wallets of this type.")
    balances: list[OtherBalance] = Field(
        description="Balances in other currencies; never added to `balance`."
    )


router = Router(tags=["wallets"])


@router.post(
    "/balance",
    auth=KeyBearer(Scope.BALANCE),
    response={200: BalanceResult, (400, 401, 403, 413, 429, 500, 503): Problem},
    summary="Request the balance of a wallet type",
    operation_id="request_balance",
)
def balance(request: ClientRequest, question: BalanceQuestion) -> BalanceResult:
    client, wallet_type, by = request.client, question.wallet_type, actor_of(request)
    answers = refresh_answers(client, read_answers(client), wallet_type, by=by)
    answer = request_balance(client, wallet_type, by=by, answers=answers)
    return balance_result(answer, request.client.zone)


def balance_result(answer: BalanceAnswer, zone: ZoneInfo) -> BalanceResult:
    return BalanceResult(
        status=answer.status,
        balance=json_number(answer.balance),
        commission=json_number(answer.commission),
        reason=answer.reason,
        currency=answer.currency,
        as_of=answer.as_of and answer.as_of.astimezone(zone),
        wallets=[
            WalletResult(number=w.number, name=w.name, currency=w.currency) for w in answer.wallets
        ],
        balances=[other_balance(balance, zone) for balance in answer.others],
    )


def other_balance(balance: Balance, zone: ZoneInfo) -> OtherBalance:
    return OtherBalance(
        currency=balance.currency,
        balance=json_number(balance.amount),
        commission=json_number(balance.commission_percent),
        as_of=balance.as_of.astimezone(zone),
    )
