"""Import of transactions from a file or a batch of the API, for one Client."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clients.choices import renew_choices
from clients.models import Client
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.imports import fields
from paykassma_admin.imports.batches import (
    InvalidValue,
    Record,
    Report,
    RowError,
    import_records,
    retry_on_conflict,
)
from paykassma_admin.imports.files import Columns
from paykassma_admin.periods import local_day
from transactions.imports.merge import store
from transactions.models import Direction, Type
from transactions.totals.maintenance import compact_if_many
from wallets.missing import WalletCreator
from wallets.models import PaymentSystem
from wallets.statuses import Status

COLUMNS = Columns(
    required=(
        "number",
        "payment_system",
        "wallet",
        "direction",
        "type",
        "status",
        "amount",
        "currency",
        "country",
        "logged_at",
    ),
    optional=("label", "order_number", "counterparty", "activated_at", "usd_rate"),
    unread=("amount_usd", "payment_system_name"),
)


class ImportRow(NamedTuple):
    line: int
    number: str
    payment_system: str
    wallet: str
    direction: str
    type: str
    status: str
    amount: Decimal
    currency: str
    country: str
    logged_at: datetime
    label: str
    order_number: str
    counterparty: str
    activated_at: datetime | None
    usd_rate: Decimal | None


def import_transactions(
    records: Iterable[Record | RowError],
    *,
    client: Client,
    actor: str,
    create_wallets: bool = False,
) -> Iterator[Report]:
    """Yield a report of each batch once it is committed; `actor` is recorded in the history."""
    missing = WalletCreator(client)
    offered: set[tuple[str, str]] = set()  # countries and currencies that this import has brought

    def store_batch(rows: Sequence[ImportRow]) -> Report:
        if create_wallets:
            missing.create_missing(rows)
        report = retry_on_conflict(partial(store, client=client, actor=actor), rows)
        with tenant(client.pk):
            brought = {(row.country, row.currency) for row in rows}
            if not brought <= offered:
                offered.update(brought)
                renew_choices()
            compact_if_many()
        return report

    return import_records(
        records,
        parse=partial(parse_row, zone=client.zone, caseless=PaymentSystem.codes_ignoring_case()),
        keys=row_keys,
        store=store_batch,
    )


def row_keys(row: ImportRow) -> Iterable[tuple[str, ...]]:
    yield row.payment_system, row.wallet, row.number


def parse_row(
    line: int, texts: list[str], *, zone: ZoneInfo, caseless: Collection[str]
) -> ImportRow:
    (
        number,
        payment_system,
        wallet,
        direction,
        type_,
        status,
        amount,
        currency,
        country,
        logged_at,
        label,
        order_number,
        counterparty,
        activated_at,
        usd_rate,
    ) = texts
    logged = fields.moment("logged_at", logged_at, zone)
    day = partial(local_day, logged, zone)
    system = fields.known_number("payment_system", payment_system, 50)
    row = ImportRow(
        line,
        fields.transaction_number("number", number, ignores_case=system in caseless),
        system,
        fields.known_number("wallet", wallet),
        fields.choice("direction", direction, DIRECTIONS),
        fields.choice("type", type_, TYPES),
        fields.choice("status", status, STATUSES),
        fields.amount("amount", amount, fields.currency("currency", currency, day)),
        currency,
        fields.country("country", country, day),
        logged,
        fields.identifier("label", label),
        fields.identifier("order_number", order_number),
        fields.counterparty("counterparty", counterparty),
        fields.moment("activated_at", activated_at, zone) if activated_at else None,
        fields.usd_rate("usd_rate", usd_rate, currency) if usd_rate else None,
    )
    check_consistency(row)
    return row


DIRECTIONS = tuple(map(str, Direction))
TYPES = tuple(map(str, Type))
STATUSES = tuple(map(str, Status))


def check_consistency(row: ImportRow) -> None:
    if row.type == Type.WITHDRAWAL and row.direction != Direction.OUTGOING:
        raise InvalidValue("direction", _("a withdrawal is outgoing"))
    if row.activated_at and row.status != Status.ACTIVATED:
        raise InvalidValue("activated_at", _("only an activated transaction has one"))
    if row.activated_at and row.activated_at < row.logged_at:
        sentence = _("is earlier than logged_at. Write when it was activated, or leave it empty.")
        raise InvalidValue("activated_at", sentence)
