from dataclasses import dataclass
from datetime import datetime

from accounts.actions import create_client
from audit.record import Actor
from devtools.demo.accumulations import make_accumulations
from devtools.demo.balances import make_balances
from devtools.demo.history import explain_forced, make_changes
from devtools.demo.simulation.payments import Payments
from devtools.demo.transactions import make_transactions
from devtools.demo.wallets import make_wallets
from wallets.models import PaymentSystem


@dataclass(frozen=True)
class Merchant:
    slug: str
    time_zone: str
    share: int  # of the transactions, in percent
    visitors: float  # share of payers who come from Russia


MERCHANTS = (
    Merchant("alpha", "Asia/Kolkata", share=70, visitors=0.02),
    Merchant("beta", "Europe/Moscow", share=30, visitors=0.35),
)


def make_merchant(
    merchant: Merchant, systems: dict[str, PaymentSystem], *, transactions: int, now: datetime
) -> None:
    client = create_client(
        name=merchant.slug.title(),
        slug=merchant.slug,
        time_zone=merchant.time_zone,
        owner=merchant.slug,
        password=f"{merchant.slug}-demo-password",
        by=Actor("demo"),
        second_factor_required=False,  # whoever is invited to look around sets none up
    )
    wallets = make_wallets(client, systems)
    make_balances(wallets, now)
    payments = Payments(wallets, slug=merchant.slug, visitors=merchant.visitors, now=now)
    made = payments.make(transactions * merchant.share // 100)
    explain_forced(made, owner=merchant.slug)
    make_transactions(made, client.zone)
    make_changes(made, now)
    make_accumulations(made, slug=merchant.slug, now=now)
