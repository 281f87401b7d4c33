"""Clients, wallets, payment systems and rates for the transactions of rows.sql.

Runs in Django's process (`manage.py shell`), before the first transaction.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

from django.db import connections, transaction

from accounts.models import Membership, User
from accounts.roles import Role
from clients.models import Client
from devtools.benchmarks.generator.size import CLIENTS, DAYS, LOGIN, PASSWORD, SYSTEMS, WALLETS
from devtools.demo.simulation.market import (
    BANGLADESH,
    INDIA,
    MYANMAR,
    PAKISTAN,
    STATUSES_OF_ALL,
    UGANDA,
)
from devtools.demo.simulation.names import PEOPLE, VISITORS
from paykassma_admin.database.tenancy import WORKER
from paykassma_admin.values.money import round_to
from wallets.models import ExchangeRate, PaymentSystem, PaymentSystemStatus, Wallet
from wallets.statuses import Status

COUNTRIES = (INDIA, BANGLADESH, PAKISTAN, MYANMAR, UGANDA)
FIRST_RATES = {
    "INR": Decimal("0.0119"),
    "BDT": Decimal("0.0082"),
    "PKR": Decimal("0.00355"),
    "MMK": Decimal("0.000476"),
    "UGX": Decimal("0.000272"),
}
# Longer than a rate counts, so that some transactions stay unconverted.
UNQUOTED, UNQUOTED_DAYS_AGO = "MMK", range(20, 36)
PAYERS = 1000  # of each country
ROWS_SQL = Path(__file__).with_name("rows.sql")


def make_market(last_day: date) -> None:
    with transaction.atomic(using=WORKER):
        ExchangeRate.objects.using(WORKER).bulk_create(all_rates(last_day))
        systems = make_systems()
        clients = make_clients()
        make_wallets(clients, systems)
        make_owner(clients[0])
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(ROWS_SQL.read_text())
        copy_payers(cursor)
        cursor.execute("call benchmark.learn_the_market(%s, %s)", [last_day, DAYS])


def all_rates(last_day: date) -> Iterator[ExchangeRate]:
    return chain.from_iterable(rates_of(currency, last_day) for currency in FIRST_RATES)


def rates_of(currency: str, last_day: date) -> Iterator[ExchangeRate]:
    random = Random(currency)  # noqa: S311  # nothing secret
    usd_rate = FIRST_RATES[currency]
    for days_ago in range(DAYS + 7, -1, -1):
        usd_rate = round_to(usd_rate * (1 + Decimal(random.randint(-30, 30)) / 10_000), 10)
        if currency != UNQUOTED or days_ago not in UNQUOTED_DAYS_AGO:
            day = last_day - timedelta(days=days_ago)
            yield ExchangeRate(
                currency=currency,
                day=day,
                usd_rate=usd_rate,
                source="benchmark",
                recorded_at=datetime.combine(day, time(), UTC),
            )


def make_systems() -> list[PaymentSystem]:
    """Every third one is online: its payments end in seven ways."""
    countries = [COUNTRIES[n % len(COUNTRIES)] for n in range(SYSTEMS)]
    systems = PaymentSystem.objects.using(WORKER).bulk_create(
        PaymentSystem(
            code=f"system_{n:02}", name=f"System {n}", currency=c.currency, country=c.code
        )
        for n, c in enumerate(countries)
    )
    PaymentSystemStatus.objects.using(WORKER).bulk_create(
        PaymentSystemStatus(payment_system=system, status=status)
        for n, system in enumerate(systems)
        for status in (Status if n % 3 == 0 else STATUSES_OF_ALL)
    )
    return systems


def make_clients() -> list[Client]:
    zones = [COUNTRIES[n % len(COUNTRIES)].zone for n in range(CLIENTS)]
    return Client.objects.using(WORKER).bulk_create(
        Client(
            name=f"Client {n:02}",
            slug=f"client-{n:02}",
            time_zone=zone.key,
            second_factor_required=False,
        )
        for n, zone in enumerate(zones)
    )


def make_wallets(clients: list[Client], systems: list[PaymentSystem]) -> None:
    Wallet.unscoped.using(WORKER).bulk_create(
        Wallet(
            client=client,
            payment_system=(system := systems[(7 * place + 3 * n) % SYSTEMS]),
            number=f"{client.slug}-{n:02}",
            currency=system.currency,
            country=system.country,
        )
        for place, client in enumerate(clients)
        for n in range(WALLETS)
    )


def make_owner(client: Client) -> None:
    user = User.objects.db_manager(WORKER).create_user(
        LOGIN, password=PASSWORD, must_change_password=False
    )
    Membership.unscoped.using(WORKER).create(user=user, client=client, role=Role.OWNER)


def copy_payers(cursor: Any) -> None:
    """One in ten writes his name in Cyrillic, whatever the country."""
    random = Random("payers")  # noqa: S311  # nothing secret
    with cursor.copy("copy benchmark.payer (country, place, name) from stdin") as copy:
        for country in COUNTRIES:
            for place in range(PAYERS):
                people = VISITORS if place % 10 == 0 else PEOPLE[country.code]
                copy.write_row((country.code, place, random.choice(people).name(random)))
