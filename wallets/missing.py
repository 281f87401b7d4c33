import re
from collections.abc import Iterable
from typing import Protocol

from django.db import transaction

from clients.models import Client
from paykassma_admin.database.tenancy import WORKER
from wallets.models import CODE_FORM, PaymentSystem, PaymentSystemStatus, Wallet
from wallets.statuses import Status

CODE = re.compile(CODE_FORM)


class WalletReference(Protocol):
    @property
    def payment_system(self) -> str: ...
    @property
    def wallet(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def country(self) -> str: ...


class WalletCreator:
    """Creates what rows name, with the currency and country of the first row that names it.

    Uses the worker's role: web may only read payment systems, which all Clients share.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.known: set[tuple[str, str]] = set()

    def create_missing(self, rows: Iterable[WalletReference]) -> None:
        """Create and commit at once, so that the rows that need them find them."""
        wanted: dict[tuple[str, str], WalletReference] = {}
        for row in rows:
            is_code = CODE.fullmatch(row.payment_system)  # else the row is refused by its line
            if is_code and (row.payment_system, row.wallet) not in self.known:
                wanted.setdefault((row.payment_system, row.wallet), row)
        if wanted:
            with transaction.atomic(using=WORKER):
                create_wallets(wanted.values(), client=self.client)
        self.known.update(wanted)


def create_wallets(rows: Iterable[WalletReference], *, client: Client) -> None:
    rows = list(rows)
    systems = {row.payment_system: get_or_create_system(row) for row in rows}
    Wallet.unscoped.using(WORKER).bulk_create(
        (
            Wallet(
                client_id=client.pk,
                payment_system_id=systems[row.payment_system].pk,
                number=row.wallet,
                currency=row.currency,
                country=row.country,
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )


def get_or_create_system(row: WalletReference) -> PaymentSystem:
    """A new one has all seven statuses: nobody has said yet which of them it lacks."""
    system, is_new = PaymentSystem.objects.using(WORKER).get_or_create(
        code=row.payment_system,
        defaults={
            "name": row.payment_system,
            "currency": row.currency,
            "country": row.country,
        },
    )
    if is_new:
        PaymentSystemStatus.objects.using(WORKER).bulk_create(
            PaymentSystemStatus(payment_system_id=system.pk, status=status) for status in Status
        )
    return system
