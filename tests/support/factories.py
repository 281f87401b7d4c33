"""Rows to test with. Made as worker, since web may not write all of them; read back as web.

Only what matters to a test is given by it; the rest has a plain default.
"""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from accumulations.models import Accumulation, AccumulationEntry
from clients.models import Client
from imports.models import ImportFile, RefusedRow, file_path
from jobs.models import Job
from paykassma_admin.database.tenancy import set_tenant, use_back_office_role
from paykassma_admin.encrypted_files import EncryptedWriter
from paykassma_admin.values import money
from transactions.models import Note, Source, SourceKind, Transaction
from wallets.models import (
    Balance,
    BalanceSource,
    ExchangeRate,
    PaymentSystem,
    PaymentSystemStatus,
    UpstreamRequest,
    Wallet,
)
from wallets.statuses import Status
from wallets.upstream.secret import encrypt

PASSWORD = "correct-horse-battery"


@contextmanager
def worker():
    """See and write every Client's rows; within another block, go on as it does."""
    if getattr(connection, "is_worker", False):
        yield
        return
    with transaction.atomic():
        use_back_office_role()
        connection.is_worker = True
        try:
            yield
        finally:
            connection.is_worker = False
        with connection.cursor() as cursor:
            cursor.execute("reset role")


@contextmanager
def seeing(user):
    """Query as web, for the Client of `user`; afterwards for none."""
    with transaction.atomic():
        set_tenant(user.client.pk, user_id=user.pk, actor=user.username)
        yield
        set_tenant(None)


def make_client(slug, **fields):
    with worker():
        client = Client.objects.create(
            **{
                "name": slug.title(),
                "slug": slug,
                "time_zone": "Asia/Kolkata",
                "second_factor_required": False,
            }
            | fields
        )
        make_wallet(client)
    return client


def make_member(name, *, client, role=Role.OWNER):
    """Make a user, with the Client in `user.client`, which web does not see before a request."""
    with worker():
        user = User.objects.create_user(name, password=PASSWORD, must_change_password=False)
        Membership.unscoped.create(user=user, client=client, role=role)
    user.client = client
    return user


def make_administrator(name):
    with worker():
        return User.objects.create_superuser(name, password=PASSWORD, must_change_password=False)


def make_payment_system(code="upi_l", *, statuses=tuple(Status), **fields):
    defaults = {"name": code, "currency": "INR", "country": "IN"} | fields
    with worker():
        if found := PaymentSystem.objects.filter(code=code).first():
            return found
        system = PaymentSystem.objects.create(code=code, **defaults)
        PaymentSystemStatus.objects.bulk_create(
            PaymentSystemStatus(payment_system=system, status=s) for s in statuses
        )
    return system


def make_wallet(client, number=None, *, payment_system="upi_l", **fields):
    """`number` is by default the Client's slug and "-1"."""
    with worker():
        system = make_payment_system(payment_system)
        key = {"client": client, "payment_system": system, "number": number or f"{client.slug}-1"}
        defaults = {"currency": system.currency, "country": system.country}
        found = Wallet.unscoped.filter(**key).first()
        return found or Wallet.unscoped.create(**key, **defaults | fields)


def make_rate(currency, usd_rate, day=None, **fields):
    with worker():
        return ExchangeRate.objects.create(
            currency=currency,
            usd_rate=usd_rate,
            day=day or timezone.now().date(),
            **{"source": "test"} | fields,
        )


def make_transaction(owner, number=None, *, wallet=None, **fields):
    """A counted pay-in of 1000 INR at 0.012 USD, an hour ago; `usd_rate=None`: not converted."""
    wallet = wallet or make_wallet(owner.client)
    row = {
        "number": number or f"T{timezone.now().timestamp():.6f}",
        "direction": "incoming",
        "type": "real",
        "status": "activated",
        "amount": Decimal(1000),
        "currency": wallet.currency,
        "country": wallet.country,
        "usd_rate": Decimal("0.012"),
        "logged_at": timezone.now() - timedelta(hours=1),
    } | fields
    if row["type"] == "withdrawal":
        row["direction"] = "outgoing"
    row |= _rate_of(row)
    with worker():
        return Transaction.unscoped.create(
            client=owner.client, wallet=wallet, payment_system_id=wallet.payment_system_id, **row
        )


def _rate_of(row):
    if row["usd_rate"] is None:
        return {}
    rate = Decimal(row["usd_rate"])
    return {
        "usd_rate": rate,
        "amount_usd": money.convert_to_usd(Decimal(row["amount"]), rate),
        "usd_rate_source": row.get("usd_rate_source", "test"),
        "usd_rate_at": row.get("usd_rate_at", row["logged_at"]),
    }


def make_source(owner, name="rows.csv", **fields):
    with worker():
        defaults = {"kind": SourceKind.COMMAND, "sha256": "0" * 64}
        return Source.unscoped.create(client=owner.client, name=name, **defaults | fields)


def make_job(owner, kind="count", **fields):
    """Make a job of the owner's Client, or of none if the owner is None."""
    made = {"client": owner.client, "made_by": owner, "actor": owner.username} if owner else {}
    with worker():
        return Job.unscoped.create(kind=kind, **{"actor": kind} | made | fields)


def make_import_file(owner, name="rows.csv", text="number,amount\n1,5\n", refused="", **fields):
    key = uuid4()
    with EncryptedWriter(file_path(owner.client.pk, key.hex)) as file:
        file.write(text.encode())
    own = {"client": owner.client, "made_by": owner, "actor": owner.username, "name": name}
    stored = {"content": "balances", "key": key, "sha256": file.sha256, "size": file.size}
    with worker():
        made = ImportFile.unscoped.create(**own | stored | fields)
        if refused:
            job_id = made.trial_id or 0
            RefusedRow.unscoped.create(
                client=owner.client,
                file=made,
                job_id=job_id,
                line=2,
                field="number",
                reason=refused,
            )
    return made


def make_note(owner, transaction, text="Called the payer"):
    with worker():
        return Note.unscoped.create(
            client=owner.client,
            transaction=transaction,
            author=owner.username,
            text=text,
            form_key=uuid4(),
        )


def make_accumulation(owner, number="A1", *, wallet=None, transactions=(), **fields):
    with worker():
        wallet = wallet or make_wallet(owner.client)
        accumulation = Accumulation.unscoped.create(
            client=owner.client,
            wallet=wallet,
            number=number,
            **{
                "label": next((t.label for t in transactions if t.label), "user-1"),
                "amount": Decimal(5000),
                "currency": wallet.currency,
                "formed_at": timezone.now() - timedelta(hours=1),
            }
            | fields,
        )
        AccumulationEntry.unscoped.bulk_create(
            AccumulationEntry(client=owner.client, accumulation=accumulation, transaction=t)
            for t in transactions
        )
    return accumulation


def make_balance(owner, payment_system="upi_l", **fields):
    with worker():
        system = make_payment_system(payment_system)
        return Balance.unscoped.create(
            client=owner.client,
            payment_system=system,
            **{
                "currency": system.currency,
                "amount": Decimal("123456.00"),
                "commission_percent": Decimal("1.5"),
                "as_of": timezone.now() - timedelta(minutes=5),
            }
            | fields,
        )


def make_source_of_balances(owner, payment_system="upi_l", *, secret="s3cret", **fields):
    with worker():
        system = make_payment_system(payment_system)
        return BalanceSource.unscoped.create(
            client=owner.client,
            payment_system=system,
            encrypted_secret=encrypt(secret),
            **{
                "kind": "http",
                "url": "https://upstream.example/balance",
                "currency": system.currency,
            }
            | fields,
        )


def make_upstream_request(owner, payment_system="upi_l", **fields):
    """One that was answered, a minute ago."""
    with worker():
        system = make_payment_system(payment_system)
        asked_at = fields.pop("asked_at", timezone.now() - timedelta(minutes=1))
        return UpstreamRequest.unscoped.create(
            client=owner.client,
            payment_system=system,
            asked_at=asked_at,
            **{
                "actor": owner.username,
                "actor_kind": "user",
                "ended_at": asked_at + timedelta(milliseconds=120),
                "outcome": "answered",
                "http_status": 200,
                "body": '{"status": true, "balance": 500.5, "commission": null}',
                "currency": system.currency,
                "amount": Decimal("500.5"),
            }
            | fields,
        )


def days_ago(days):
    return timezone.now() - timedelta(days=days)
