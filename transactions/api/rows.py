"""A transaction as the API has it: the columns of an import, and what follows from them."""

from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from clients.models import Client
from paykassma_admin.values.money import plain
from transactions.models import Direction, TransactionQuerySet, Type
from wallets.models import Wallet
from wallets.statuses import Status

Row = tuple[Any, ...]


class TransactionResult(Schema):
    """Amounts are texts: they have all their digits in every language."""

    id: int
    number: str
    payment_system: str = Field(description="Its code.", examples=["upi_l"])
    wallet: str = Field(description="Its number.", examples=["alpha-1"])
    direction: Direction
    type: Type
    status: Status
    amount: str = Field(examples=["1000.5"])
    currency: str = Field(examples=["INR"])
    country: str = Field(examples=["IN"])
    label: str
    order_number: str
    counterparty: str
    logged_at: AwareDatetime = Field(description="In the Client's time zone.")
    activated_at: AwareDatetime | None
    usd_rate: str | None
    amount_usd: str | None
    recorded_at: AwareDatetime


class TransactionPage(Schema):
    rows: list[TransactionResult]
    next: str | None = Field(description="The address of the following rows, if there are any.")
    updated_since: str | None = Field(
        default=None, description="To ask with the next time, if it was asked with."
    )


STORED = (
    "id",
    "logged_at",
    "wallet",
    "number",
    "direction",
    "type",
    "status",
    "amount",
    "currency",
    "country",
    "label",
    "order_number",
    "counterparty",
    "activated_at",
    "usd_rate",
    "amount_usd",
    "recorded_at",
)
MOMENTS = ("logged_at", "activated_at", "recorded_at")
AMOUNTS = ("amount", "usd_rate", "amount_usd")


def read_rows(rows: TransactionQuerySet) -> list[Row]:
    return list(rows.values_list(*STORED))


def write_rows(rows: list[Row], client: Client) -> list[dict[str, Any]]:
    wallets = wallet_names(client, {wallet for _id, _at, wallet, *_rest in rows})
    return [write_row(dict(zip(STORED, row, strict=True)), client, wallets) for row in rows]


def write_row(
    row: dict[str, Any], client: Client, wallets: dict[int, tuple[str, str]]
) -> dict[str, Any]:
    row["wallet"], row["payment_system"] = wallets[row["wallet"]]
    for name in MOMENTS:
        row[name] = row[name] and row[name].astimezone(client.zone)
    for name in AMOUNTS:
        row[name] = None if row[name] is None else plain(row[name])
    return {name: row[name] for name in TransactionResult.model_fields}


def wallet_names(client: Client, ids: set[int]) -> dict[int, tuple[str, str]]:
    """Return number and payment system by wallet: a join of a page's rows is misplanned."""
    own = Wallet.objects.for_client(client).filter(pk__in=ids)
    named = own.values_list("pk", "number", "payment_system__code")
    return {pk: (number, code) for pk, number, code in named}
