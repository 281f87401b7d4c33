import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.db.models.manager
from django.db import migrations, models

from paykassma_admin.database.client_keys import add_client_to_key
from paykassma_admin.database.row_security import (
    enable_row_security,
    revoke_delete,
    revoke_writes,
)


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0001_initial"),
        ("wallets", "0002_payment_system_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="BalanceSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reported", "reported to us"),
                            ("http", "asked of the payment system"),
                        ],
                        db_collation="C",
                        default="reported",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=500, verbose_name="address")),
                ("encrypted_secret", models.TextField(blank=True, editable=False)),
                (
                    "currency",
                    models.CharField(db_collation="C", max_length=3, verbose_name="currency"),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "payment_system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallets.paymentsystem",
                        verbose_name="payment system",
                    ),
                ),
            ],
            options={
                "verbose_name": "source of balances",
                "verbose_name_plural": "sources of balances",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "payment_system"), name="balance_source_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["reported", "http"])),
                        name="balance_source_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "reported"),
                            models.Q(("url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="balance_source_has_an_address_if_asked",
                        violation_error_message="A source that is asked needs an address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="balance_source_currency_form",
                    ),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="UpstreamRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=200, verbose_name="by")),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("user", "user"),
                            ("administrator", "administrator"),
                            ("key", "API key"),
                            ("command", "command"),
                            ("visitor", "not signed in"),
                        ],
                        db_collation="C",
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "Answered"),
                            ("unavailable", "Wallet not available"),
                            ("slow", "No answer in time"),
                            ("closed", "No connection"),
                            ("error", "Error"),
                            ("redirect", "Redirect"),
                            ("too_large", "Answer too large"),
                            ("nonsense", "Answer not understood"),
                            ("forbidden", "Address not allowed"),
                            ("no_secret", "Secret lost"),
                            ("interrupted", "Interrupted"),
                        ],
                        db_collation="C",
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(blank=True, verbose_name="what came")),
                (
                    "currency",
                    models.CharField(db_collation="C", max_length=3, verbose_name="currency"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, null=True, verbose_name="amount"
                    ),
                ),
                (
                    "commission_percent",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        verbose_name="commission on withdrawal, %",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "payment_system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallets.paymentsystem",
                        verbose_name="payment system",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to an upstream",
                "verbose_name_plural": "requests to upstreams",
                "indexes": [
                    models.Index(
                        models.F("client"),
                        models.F("payment_system"),
                        models.OrderBy(models.F("asked_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="upstream_request_of_system",
                    ),
                    models.Index(
                        models.F("client"),
                        models.OrderBy(models.F("asked_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="upstream_request_recent",
                    ),
                    models.Index(models.F("asked_at"), name="upstream_request_asked_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("client", "payment_system"),
                        name="upstream_request_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                (
                                    "outcome__in",
                                    [
                                        "answered",
                                        "unavailable",
                                        "slow",
                                        "closed",
                                        "error",
                                        "redirect",
                                        "too_large",
                                        "nonsense",
                                        "forbidden",
                                        "no_secret",
                                        "interrupted",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="upstream_request_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount", None),
                            ("outcome__in", ("answered", "unavailable")),
                            _connector="OR",
                        ),
                        name="upstream_request_amount_of_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "actor_kind__in",
                                ["user", "administrator", "key", "command", "visitor"],
                            )
                        ),
                        name="upstream_request_actor_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="upstream_request_currency_form",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("body"), 4000
                        ),
                        name="upstream_request_body_bounded",
                    ),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        add_client_to_key("wallets_balancesource", "wallets_upstreamrequest"),
        enable_row_security("wallets_balancesource"),
        revoke_writes("wallets_balancesource"),
        enable_row_security("wallets_upstreamrequest"),
        revoke_delete("wallets_upstreamrequest"),
    ]
