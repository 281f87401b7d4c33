from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clients.choices import offer_choices
from clients.models import Client
from paykassma_admin.database.tenancy import tenant
from paykassma_admin.imports import fields
from paykassma_admin.imports.batches import (
    InvalidValue,
    Record,
    Report,
    RowError,
    RowOutcome,
    import_records,
    retry_on_conflict,
)
from paykassma_admin.periods import local_day
from transactions.imports.effect import active_sums, effect_since
from transactions.imports.merge import store
from transactions.imports.row import ImportRow
from transactions.models import Direction, Type
from transactions.sources import Source, store_once
from transactions.totals.maintenance import compact_if_many
from wallets.missing import WalletCreator
from wallets.models import PaymentSystem
from wallets.statuses import Status


def import_transactions(
    records: Iterable[Record | RowError],
    *,
    client: Client,
    actor: str,
    source: Source,
    create_wallets: bool = False,
    is_trial: bool = False,
) -> Iterator[Report]:
    """Yield a report of each batch once it is committed.

    `actor` is recorded in the history; `source` is stored with the first batch.
    """
    missing = WalletCreator(client)

    def store_rows(rows: Sequence[ImportRow], source: Source) -> Report:
        own = partial(store, client=client, actor=actor, source_id=store_once(source))
        return retry_on_conflict(own, rows)

    def try_batch(rows: Sequence[ImportRow]) -> Report:
        before = active_sums(client)
        report = store_rows(rows, copy(source))
        report.effect = effect_since(before, client)
        return report

    def store_batch(rows: Sequence[ImportRow]) -> Report:
        if create_wallets:
            missing.create_missing(rows)
        if is_trial:
            return try_batch(rows)
        report = store_rows(rows, source)
        new = set(report.lines.get(RowOutcome.NEW, ()))
        with tenant(client.pk):
            offer_choices(client, {(row.country, row.currency) for row in rows if row.line in new})
            compact_if_many()
        return report

    return import_records(
        records,
        parse=partial(parse_row, zone=client.zone, caseless=PaymentSystem.codes_ignoring_case()),
        keys=row_keys,
        store=store_batch,
        is_trial=is_trial,
    )


def row_keys(row: ImportRow) -> Iterable[tuple[str, ...]]:
    yield row.payment_system, row.wallet, row.number


def parse_row(
    line: int, texts: list[str], *, zone: ZoneInfo, caseless: Collection[str]
) -> ImportRow:
    text: Any = ImportRow._make((line, *texts))  # texts by the names of their values
    logged = fields.moment("logged_at", text.logged_at, zone)
    day = partial(local_day, logged, zone)
    system = fields.known_number("payment_system", text.payment_system, 50)
    is_caseless, currency = system in caseless, text.currency
    activated_at, usd_rate = text.activated_at, text.usd_rate
    row = ImportRow(
        line,
        number=fields.transaction_number("number", text.number, ignores_case=is_caseless),
        payment_system=system,
        wallet=fields.known_number("wallet", text.wallet),
        direction=fields.choice("direction", text.direction, DIRECTIONS),
        type=fields.choice("type", text.type, TYPES),
        status=fields.choice("status", text.status, STATUSES),
        currency=fields.currency("currency", currency, day),
        amount=fields.amount("amount", text.amount, currency),
        country=fields.country("country", text.country, day),
        logged_at=logged,
        label=fields.identifier("label", text.label),
        order_number=fields.identifier("order_number", text.order_number),
        counterparty=fields.counterparty("counterparty", text.counterparty),
        activated_at=fields.moment("activated_at", activated_at, zone) if activated_at else None,
        usd_rate=fields.usd_rate("usd_rate", usd_rate, currency) if usd_rate else None,
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
