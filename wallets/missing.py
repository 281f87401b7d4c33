"""Wallets and payment systems that a file names and that are not there yet."""

import re
from collections.abc import Iterable
from typing import Protocol

from django.db import transaction

from clients.models import Client
from paykassma_admin.database.tenancy import WORKER
from wallets.models import CODE_FORM, PaymentSystem, PaymentSystemStatus, Wallet
from wallets.statuses import Status

CODE = re.compile(CODE_FORM)


class NamesWallet(Protocol):
    @property
    def payment_system(self) -> str: ...
    @property
    def wallet(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def country(self) -> str: ...


class MissingWallets:
    """Makes what rows name: currency and country are those of the first row that names it.

    As worker: web only reads payment systems, which are all Clients' and the administrator's.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.known: set[tuple[str, str]] = set()

    def make_for(self, rows: Iterable[NamesWallet]) -> None:
        """Committed at once, so that the rows that need them find them."""
        wanted: dict[tuple[str, str], NamesWallet] = {}
        for row in rows:
            is_code = CODE.fullmatch(row.payment_system)  # else the row is refused by its line
            if is_code and (row.payment_system, row.wallet) not in self.known:
                wanted.setdefault((row.payment_system, row.wallet), row)
        if wanted:
            with transaction.atomic(using=WORKER):
                make_wallets(wanted.values(), client=self.client)
        self.known.update(wanted)


def make_wallets(rows: Iterable[NamesWallet], *, client: Client) -> None:
    rows = list(rows)
    systems = {row.payment_system: payment_system_of(row) for row in rows}
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


def payment_system_of(row: NamesWallet) -> PaymentSystem:
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
