import json
from contextlib import contextmanager
from decimal import Decimal

import time_machine
from django.db import connection, transaction

from clients.models import Client
from tests.support.factories import make_payment_system, make_wallet, worker
from tests.support.random_cases import reference
from tests.support.random_cases.strategies import SYSTEMS, WALLETS
from transactions.totals.maintenance import compact_totals
from wallets.models import ExchangeRate

GIVEN = "jsonb_populate_recordset(null::transactions_transaction, %s::jsonb) given"


class Stage:
    """Alice's and Charlie's: two wallets of each payment system for each of them."""

    def __init__(self, alice, charlie):
        for code, currency in SYSTEMS.items():
            make_payment_system(code, currency=currency)
        self.client = alice.client
        self.wallets = {
            (is_hers, code, number): make_wallet(user.client, number, payment_system=code)
            for is_hers, user in ((True, alice), (False, charlie))
            for code in SYSTEMS
            for number in WALLETS
        }

    @contextmanager
    def played(self, scene):
        with time_machine.travel(scene.now, tick=False), transaction.atomic():
            with worker():
                record(scene.rates)
            for step in scene.steps:
                with worker(), transaction.atomic():
                    self.play(step, scene.zone)
                    transaction.set_rollback(step.is_undone)
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
            yield
            transaction.set_rollback(True)

    def play(self, step, zone):
        if step.what == "move":
            Client.objects.filter(pk=self.client.pk).update(time_zone=zone.key)
        elif step.what == "compact":
            compact_totals()
        else:
            self.write(step)

    def write(self, step):
        given = [self.columns_of(row) for row in step.rows]
        with connection.cursor() as cursor:
            cursor.execute(statement(step.what, given), [json.dumps(given, default=str)])

    def columns_of(self, row):
        wallet = self.wallets[row.is_hers, row.payment_system, row.wallet]
        columns = vars(row) | {
            "client_id": wallet.client_id,
            "wallet_id": wallet.pk,
            "payment_system_id": wallet.payment_system_id,
            "recorded_at": row.logged_at,
            **rate_of(row),
        }
        for name in ("is_hers", "payment_system", "wallet"):
            del columns[name]
        return columns


def rate_of(row):
    if row.usd_rate is None:
        return dict.fromkeys(("amount_usd", "usd_rate_source", "usd_rate_at"))
    in_usd = reference.amount_usd(row)
    return {
        "amount_usd": Decimal(in_usd.numerator) / Decimal(in_usd.denominator),
        "usd_rate_source": "test",
        "usd_rate_at": row.logged_at,
    }


def statement(what, given):
    columns = list(given[0]) if given else ["id"]
    if what == "insert":
        names = ", ".join(columns)
        written = f"select {names} from {GIVEN}"
        return f"insert into transactions_transaction ({names}) {written}"
    if what == "update":
        new = ", ".join(f"{name} = given.{name}" for name in columns)
        return f"update transactions_transaction row set {new} from {GIVEN} where row.id = given.id"
    return f"delete from transactions_transaction row using {GIVEN} where row.id = given.id"


def record(rates):
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency=rate.currency, day=rate.day, usd_rate=rate.usd_rate, source="test")
        for rate in rates
    )
