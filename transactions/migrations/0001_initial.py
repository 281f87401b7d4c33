import datetime

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.manager
import django.utils.timezone
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from paykassma_admin.database.client_keys import (
    name_partition_indexes,
    partition_by_client,
    partitions,
)
from paykassma_admin.database.row_security import (
    enable_row_security,
    make_append_only,
    revoke_delete,
    revoke_writes,
    set_worker_owner,
)
from paykassma_admin.database.sql_files import sql_file

TOTALS = (
    "transactions_delta",
    "transactions_daytotal",
    "transactions_monthtotal",
    "transactions_kindtotal",
)
PARTITIONED = ("transactions_transaction", "transactions_change")
VIEWS = ("transactions_days", "transactions_months", "transactions_kinds")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
        ("wallets", "0001_initial"),
    ]

    operations = [
        TrigramExtension(),
        sql_file(__file__, "names"),
        migrations.CreateModel(
            name="DayTotal",
            fields=[
                ("direction", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("country", models.CharField(max_length=2)),
                ("is_converted", models.BooleanField()),
                ("count", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=40)),
                ("amount_usd", models.DecimalField(decimal_places=4, max_digits=40)),
                ("type", models.CharField(max_length=10)),
                ("status", models.CharField(max_length=20)),
                ("day", models.DateField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client",
                        "day",
                        "wallet",
                        "direction",
                        "type",
                        "status",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "transactions_days",
                "managed": False,
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="KindTotal",
            fields=[
                ("direction", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("country", models.CharField(max_length=2)),
                ("is_converted", models.BooleanField()),
                ("count", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=40)),
                ("amount_usd", models.DecimalField(decimal_places=4, max_digits=40)),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=10)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client",
                        "kind",
                        "day",
                        "direction",
                        "payment_system",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "transactions_kinds",
                "managed": False,
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="MonthTotal",
            fields=[
                ("direction", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("country", models.CharField(max_length=2)),
                ("is_converted", models.BooleanField()),
                ("count", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=40)),
                ("amount_usd", models.DecimalField(decimal_places=4, max_digits=40)),
                ("type", models.CharField(max_length=10)),
                ("status", models.CharField(max_length=20)),
                ("month", models.DateField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client",
                        "month",
                        "wallet",
                        "direction",
                        "type",
                        "status",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "transactions_months",
                "managed": False,
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Transaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        db_collation="C", max_length=190, verbose_name="transaction number"
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("incoming", "Incoming"), ("outgoing", "Outgoing")],
                        db_collation="C",
                        max_length=10,
                        verbose_name="direction",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("fake", "Fake"),
                            ("real", "Real"),
                            ("forced", "Forced"),
                            ("withdrawal", "Withdrawal"),
                        ],
                        db_collation="C",
                        max_length=10,
                        verbose_name="transaction type",
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
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "currency",
                    models.CharField(db_collation="C", max_length=3, verbose_name="currency"),
                ),
                (
                    "country",
                    models.CharField(db_collation="C", max_length=2, verbose_name="country"),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True, db_collation="C", max_length=190, verbose_name="label"
                    ),
                ),
                (
                    "order_number",
                    models.CharField(
                        blank=True, db_collation="C", max_length=190, verbose_name="order number"
                    ),
                ),
                (
                    "counterparty",
                    models.CharField(blank=True, max_length=190, verbose_name="counterparty"),
                ),
                (
                    "counterparty_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("counterparty"), function="name_key"),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "usd_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=10,
                        max_digits=20,
                        null=True,
                        verbose_name="rate to USD",
                    ),
                ),
                (
                    "amount_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=20,
                        null=True,
                        verbose_name="amount in USD",
                    ),
                ),
                (
                    "usd_rate_source",
                    models.CharField(
                        blank=True, max_length=100, null=True, verbose_name="source of the rate"
                    ),
                ),
                (
                    "usd_rate_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="rate as of"),
                ),
                ("logged_at", models.DateTimeField(verbose_name="logged at")),
                (
                    "activated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="activated at"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="recorded at"
                    ),
                ),
                (
                    "forced_by",
                    models.CharField(
                        blank=True, max_length=190, null=True, verbose_name="forced by"
                    ),
                ),
                (
                    "forced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="forced at"),
                ),
                (
                    "forced_reason",
                    models.TextField(blank=True, null=True, verbose_name="reason for forcing"),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "payment_system",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="wallets.paymentsystem",
                        verbose_name="payment system",
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="wallets.wallet",
                        verbose_name="wallet",
                    ),
                ),
            ],
            options={
                "verbose_name": "transaction",
                "verbose_name_plural": "transactions",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("status", "status"),
                            ("type", "transaction type"),
                            ("rate", "rate to USD"),
                            ("label", "label"),
                            ("order_number", "order number"),
                            ("counterparty", "counterparty"),
                            ("activated_at", "activated at"),
                        ],
                        db_collation="C",
                        max_length=12,
                    ),
                ),
                ("before", models.TextField()),
                ("after", models.TextField()),
                ("at", models.DateTimeField()),
                ("actor", models.TextField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.client",
                    ),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="transactions.transaction",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ["at", "id"],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        *map(partition_by_client, PARTITIONED),
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                models.F("client"),
                models.OrderBy(models.F("logged_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="transaction_recent",
            ),
        ),
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                models.F("client"),
                models.F("label"),
                models.OrderBy(models.F("logged_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="transaction_by_label",
            ),
        ),
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                models.F("client"), models.F("order_number"), name="transaction_by_order_number"
            ),
        ),
        migrations.AddIndex(
            model_name="transaction",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["counterparty_key"],
                name="transaction_by_counterparty",
                opclasses=["gin_trgm_ops"],
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.UniqueConstraint(
                fields=("number", "client", "wallet"), name="transaction_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="transaction_has_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("direction__in", ["incoming", "outgoing"])),
                name="transaction_direction_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ["fake", "real", "forced", "withdrawal"])),
                name="transaction_type_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="transaction_amount_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "logged_at__gte",
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                        ),
                        ("logged_at__lt", datetime.datetime(2100, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    models.Q(
                        (
                            "activated_at__gte",
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                        ),
                        (
                            "activated_at__lt",
                            datetime.datetime(2100, 1, 2, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                ),
                name="transaction_within_known_years",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="transaction_currency_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="transaction_country_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("type", "withdrawal"), _negated=True),
                    ("direction", "outgoing"),
                    _connector="OR",
                ),
                name="transaction_withdrawal_is_outgoing",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("activated_at__isnull", True), ("status", "activated"), _connector="OR"
                ),
                name="transaction_activated_at_only_where_activated",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("activated_at__isnull", True),
                    ("activated_at__gte", models.F("logged_at")),
                    _connector="OR",
                ),
                name="transaction_not_activated_before_it_is_logged",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount_usd__isnull", True),
                        ("usd_rate__isnull", True),
                        ("usd_rate_at__isnull", True),
                        ("usd_rate_source__isnull", True),
                    ),
                    models.Q(
                        ("amount_usd__isnull", False),
                        ("usd_rate__gt", 0),
                        ("usd_rate__isnull", False),
                        ("usd_rate_at__isnull", False),
                        ("usd_rate_source__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="transaction_rate_whole_or_absent",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_usd__isnull", True),
                    (
                        "amount_usd",
                        django.db.models.functions.math.Round(
                            django.db.models.expressions.CombinedExpression(
                                models.F("amount"), "*", models.F("usd_rate")
                            ),
                            precision=4,
                        ),
                    ),
                    _connector="OR",
                ),
                name="transaction_amount_usd_follows_its_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", "USD"), _negated=True),
                    ("usd_rate__isnull", True),
                    ("usd_rate", 1),
                    _connector="OR",
                ),
                name="transaction_usd_is_worth_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("forced_at__isnull", True),
                        ("forced_by__isnull", True),
                        ("forced_reason__isnull", True),
                    ),
                    models.Q(
                        ("forced_at__isnull", False),
                        ("forced_by__isnull", False),
                        ("forced_reason__isnull", False),
                        ("type", "forced"),
                    ),
                    _connector="OR",
                ),
                name="transaction_forcing_whole_or_absent",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
                            "status",
                            "type",
                            "rate",
                            "label",
                            "order_number",
                            "counterparty",
                            "activated_at",
                        ],
                    )
                ),
                name="change_field_known",
            ),
        ),
        name_partition_indexes("transactions_transaction"),
        # A thousand bounds, not a hundred: with a hundred, a name of 2,500 rows that fell on one was taken
        # for 84,000 of ten million, and its list read the index of a whole year, too: 170 ms, not 40.
        migrations.RunSQL(
            "alter table transactions_transaction alter column counterparty_key set statistics 1000"
        ),
        # A transaction's Client and payment system are its wallet's, its status is one that its payment
        # system has, and a change's Client is its transaction's. No CHECK can hold that, and Django has
        # no composite foreign keys.
        migrations.RunSQL(
            """
            alter table transactions_transaction
                add constraint transaction_wallet_of_client_and_payment_system
                    foreign key (wallet_id, client_id, payment_system_id)
                    references wallets_wallet (id, client_id, payment_system_id),
                add constraint transaction_status_of_payment_system
                    foreign key (payment_system_id, status)
                    references wallets_paymentsystemstatus (payment_system_id, status);
            alter table transactions_change
                add constraint change_transaction_of_client
                    foreign key (transaction_id, client_id)
                    references transactions_transaction (id, client_id);
            """
        ),
        enable_row_security("transactions_transaction"),
        revoke_delete("transactions_transaction"),
        enable_row_security("transactions_change"),
        revoke_writes("transactions_change"),
        make_append_only("transactions_change"),
        # Nobody has a right on a partition. Were one granted, it would still show a Client's rows alone.
        *(enable_row_security(part) for table in PARTITIONED for part in partitions(table)),
        sql_file(__file__, "history"),
        sql_file(__file__, "numbers"),
        sql_file(__file__, "total_tables"),
        *map(enable_row_security, TOTALS),
        revoke_writes(*TOTALS, *VIEWS),
        # What compacts the delta gives its empty pages back: each reader of totals looks into every page.
        migrations.RunSQL("grant maintain on transactions_delta to paykassma_worker"),
        sql_file(__file__, "total_triggers"),
        sql_file(__file__, "total_functions"),
        set_worker_owner(
            "keep_changes()",
            "keep_totals_on_insert()",
            "keep_totals_on_update()",
            "keep_totals_on_delete()",
            "keep_totals_on_truncate()",
            "compact_totals()",
            "rebuild_totals(bigint)",
            "rebuild_totals_in_another_zone()",
            "rebuild_totals_of_a_zone()",
        ),
    ]
