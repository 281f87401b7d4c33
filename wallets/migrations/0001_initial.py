import datetime

import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from paykassma_admin.database.client_keys import add_client_to_key
from paykassma_admin.database.row_security import (
    enable_row_security,
    make_append_only,
    revoke_delete,
    revoke_writes,
)
from paykassma_admin.database.sql_files import sql_file


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "currency",
                    models.CharField(db_collation="C", max_length=3, verbose_name="currency"),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "usd_rate",
                    models.DecimalField(
                        decimal_places=10, max_digits=20, verbose_name="rate to USD"
                    ),
                ),
                ("source", models.CharField(max_length=100, verbose_name="source")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="recorded at"
                    ),
                ),
            ],
            options={
                "verbose_name": "exchange rate",
                "verbose_name_plural": "exchange rates",
                "ordering": ["-day", "currency"],
                "indexes": [
                    models.Index(
                        models.F("currency"),
                        models.OrderBy(models.F("day"), descending=True),
                        models.OrderBy(models.F("recorded_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="exchange_rate_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="exchange_rate_currency_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency", "USD"), _negated=True),
                        name="exchange_rate_not_of_usd",
                        violation_error_message="A US dollar is always worth one: USD has no rate.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("usd_rate__gt", 0)), name="exchange_rate_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="exchange_rate_has_a_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentSystem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        db_collation="C", max_length=50, unique=True, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "currency",
                    models.CharField(db_collation="C", max_length=3, verbose_name="currency"),
                ),
                (
                    "country",
                    models.CharField(db_collation="C", max_length=2, verbose_name="country"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="is active")),
                (
                    "number_ignores_case",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="The payment system itself does not distinguish “9bc4k” from “9BC4K”: numbers of its transactions are stored in capitals and found in any case.",
                        verbose_name="numbers ignore case",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment system",
                "verbose_name_plural": "payment systems",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]+$")),
                        name="payment_system_code_form",
                        violation_error_message="A code has Latin letters, digits, “_”, “.” and “-”.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="payment_system_currency_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="payment_system_country_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "currency",
                    models.CharField(db_collation="C", max_length=3, verbose_name="currency"),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "commission_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        verbose_name="commission on withdrawal, %",
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "payment_system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="wallets.paymentsystem",
                        verbose_name="payment system",
                    ),
                ),
            ],
            options={
                "verbose_name": "balance",
                "verbose_name_plural": "balances",
                "ordering": ["-as_of"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "payment_system", "currency", "as_of"),
                        name="balance_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="balance_currency_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "as_of__gte",
                                    datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                                ),
                                (
                                    "as_of__lt",
                                    datetime.datetime(2100, 1, 2, 0, 0, tzinfo=datetime.UTC),
                                ),
                            )
                        ),
                        name="balance_within_known_years",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("commission_percent__isnull", True),
                            models.Q(
                                ("commission_percent__gte", 0), ("commission_percent__lte", 100)
                            ),
                            _connector="OR",
                        ),
                        name="balance_commission_is_a_percentage",
                    ),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PaymentSystemStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_activated", "Not activated"),
                            ("activated", "Activated"),
                            ("declined", "Declined"),
                            ("pending", "Pending"),
                            ("processing", "Processing"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_collation="C",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "payment_system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statuses",
                        to="wallets.paymentsystem",
                    ),
                ),
            ],
            options={
                "verbose_name": "status of a payment system",
                "verbose_name_plural": "statuses of a payment system",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("payment_system", "status"), name="payment_system_status_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "not_activated",
                                    "activated",
                                    "declined",
                                    "pending",
                                    "processing",
                                    "failed",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="payment_system_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wallet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(db_collation="C", max_length=190, verbose_name="number"),
                ),
                ("name", models.CharField(blank=True, max_length=190, verbose_name="name")),
                (
                    "currency",
                    models.CharField(db_collation="C", max_length=3, verbose_name="currency"),
                ),
                (
                    "country",
                    models.CharField(db_collation="C", max_length=2, verbose_name="country"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="is active")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "payment_system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="wallets.paymentsystem",
                        verbose_name="payment system",
                    ),
                ),
            ],
            options={
                "verbose_name": "wallet",
                "verbose_name_plural": "wallets",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "payment_system", "number"), name="wallet_number_once"
                    ),
                    models.UniqueConstraint(
                        fields=("id", "client", "payment_system"),
                        name="wallet_client_and_payment_system",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        name="wallet_has_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="wallet_currency_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="wallet_country_form",
                    ),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        add_client_to_key("wallets_wallet", "wallets_balance"),
        enable_row_security("wallets_wallet"),
        revoke_writes(
            "wallets_wallet"
        ),  # wallets are made as worker: in the back office, by imports
        enable_row_security("wallets_balance"),
        revoke_delete("wallets_balance"),
        revoke_writes(
            "wallets_paymentsystem", "wallets_paymentsystemstatus", "wallets_exchangerate"
        ),
        make_append_only("wallets_exchangerate"),
        sql_file(__file__, "exchange_rates"),
        sql_file(__file__, "choices"),
    ]
