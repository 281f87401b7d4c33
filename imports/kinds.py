"""Contents of a file, and storing of its rows, by the same code as the commands."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from accumulations.imports import COLUMNS as ACCUMULATION_COLUMNS
from accumulations.imports import import_accumulations
from clients.models import Client
from paykassma_admin.imports.batches import Record, Report, RowError
from paykassma_admin.imports.files import Columns
from transactions.imports.columns import import_transactions
from transactions.imports.effect import active_sums
from transactions.imports.row import COLUMNS as TRANSACTION_COLUMNS
from transactions.sources import SourceKind, file_source
from wallets.imports import BALANCE_COLUMNS, import_balances

type Records = Iterable[Record | RowError]


class SentRows(Protocol):
    """The file as far as its rows tell where they come from."""

    client: Client
    name: str
    sha256: str
    actor: str


class Content(TextChoices):
    TRANSACTIONS = "transactions", pgettext_lazy("rows of a file", "Transactions")
    ACCUMULATIONS = "accumulations", pgettext_lazy("rows of a file", "Accumulations")
    BALANCES = "balances", pgettext_lazy("rows of a file", "Balances")


TITLES = {
    "number": pgettext_lazy("a column", "Number"),
    "payment_system": pgettext_lazy("a column", "Payment system’s code"),
    "wallet": pgettext_lazy("a column", "Wallet’s number"),
    "direction": pgettext_lazy("a column", "Direction"),
    "type": pgettext_lazy("a column", "Type"),
    "status": pgettext_lazy("a column", "Status"),
    "amount": pgettext_lazy("a column", "Amount"),
    "currency": pgettext_lazy("a column", "Currency"),
    "country": pgettext_lazy("a column", "Country"),
    "logged_at": pgettext_lazy("a column", "Logged at"),
    "label": pgettext_lazy("a column", "Label"),
    "order_number": pgettext_lazy("a column", "Order number"),
    "counterparty": pgettext_lazy("a column", "Counterparty"),
    "activated_at": pgettext_lazy("a column", "Activated at"),
    "usd_rate": pgettext_lazy("a column", "Rate to USD"),
    "formed_at": pgettext_lazy("a column", "Formed at"),
    "transactions": pgettext_lazy("a column", "Numbers of its transactions"),
    "as_of": pgettext_lazy("a column", "As of"),
    "commission_percent": pgettext_lazy("a column", "Commission, %"),
}


@dataclass(frozen=True)
class Reading:
    columns: Columns
    reports: Callable[[Records, SentRows, bool], Iterator[Report]]
    sums: Callable[[Client], Counter[tuple[str, ...]]] = lambda client: Counter()


def transaction_reports(records: Records, file: SentRows, is_trial: bool) -> Iterator[Report]:
    source = file_source(file.client, kind=SourceKind.UPLOAD, name=file.name, sha256=file.sha256)
    return import_transactions(
        records, client=file.client, actor=file.actor, source=source, is_trial=is_trial
    )


def accumulation_reports(records: Records, file: SentRows, is_trial: bool) -> Iterator[Report]:
    return import_accumulations(records, client=file.client, actor=file.actor, is_trial=is_trial)


def balance_reports(records: Records, file: SentRows, is_trial: bool) -> Iterator[Report]:
    return import_balances(records, client=file.client, actor=file.actor, is_trial=is_trial)


READINGS = {
    Content.TRANSACTIONS: Reading(TRANSACTION_COLUMNS, transaction_reports, active_sums),
    Content.ACCUMULATIONS: Reading(ACCUMULATION_COLUMNS, accumulation_reports),
    Content.BALANCES: Reading(BALANCE_COLUMNS, balance_reports),
}
