from collections.abc import Collection, Iterable, Iterator
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accumulations.merge import AccumulationRow, store
from clients.models import Client
from paykassma_admin.imports import fields
from paykassma_admin.imports.batches import (
    InvalidValue,
    Record,
    Report,
    RowError,
    import_records,
    retry_on_conflict,
)
from paykassma_admin.imports.columns import file_columns
from paykassma_admin.periods import local_day
from paykassma_admin.values.identifiers import strip_text_marks
from wallets.models import PaymentSystem

COLUMNS = file_columns(AccumulationRow)


def import_accumulations(
    records: Iterable[Record | RowError], *, client: Client, actor: str, is_trial: bool = False
) -> Iterator[Report]:
    return import_records(
        records,
        parse=partial(parse_row, zone=client.zone, caseless=PaymentSystem.codes_ignoring_case()),
        keys=row_keys,
        store=partial(retry_on_conflict, partial(store, client=client, actor=actor)),
        is_trial=is_trial,
    )


def row_keys(row: AccumulationRow) -> Iterator[tuple[str, ...]]:
    """Include its transactions: the file's order decides which accumulation gets one."""
    yield "accumulation", row.payment_system, row.wallet, row.number
    for number in row.transactions:
        yield "transaction", row.payment_system, row.wallet, number


def parse_row(
    line: int, texts: list[str], *, zone: ZoneInfo, caseless: Collection[str]
) -> AccumulationRow:
    number, payment_system, wallet, amount, currency, formed_at, label, transactions = texts
    formed = fields.moment("formed_at", formed_at, zone)
    day = partial(local_day, formed, zone)
    system = fields.known_number("payment_system", payment_system, 50)
    return AccumulationRow(
        line,
        fields.known_number("number", number),
        system,
        fields.known_number("wallet", wallet),
        fields.amount("amount", amount, fields.currency("currency", currency, day)),
        currency,
        formed,
        fields.identifier("label", label),
        parse_numbers("transactions", transactions, ignores_case=system in caseless),
    )


def parse_numbers(field: str, text: str, *, ignores_case: bool) -> tuple[str, ...]:
    text = strip_text_marks(text)
    parts = text.split("|") if "|" in text else text.split()
    numbers = tuple(fields.transaction_number(field, p, ignores_case=ignores_case) for p in parts)
    if len(set(numbers)) < len(numbers):
        raise InvalidValue(field, _("names a transaction twice"))
    return numbers
