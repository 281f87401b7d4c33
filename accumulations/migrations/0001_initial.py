import datetime

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from paykassma_admin.database.client_keys import add_client_to_key
from paykassma_admin.database.row_security import enable_row_security, revoke_delete
from paykassma_admin.database.sql_files import sql_file


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
        ("transactions", "0001_initial"),
        ("wallets", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Accumulation",
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
                (
                    "label",
                    models.CharField(
                        blank=True, db_collation="C", max_length=190, verbose_name="label"
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
                ("formed_at", models.DateTimeField(verbose_name="formed at")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="wallets.wallet",
                        verbose_name="wallet",
                    ),
                ),
            ],
            options={
                "verbose_name": "accumulation",
                "verbose_name_plural": "accumulations",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="AccumulationEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "accumulation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="accumulations.accumulation",
                    ),
                ),
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
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="transactions.transaction",
                    ),
                ),
            ],
            options={
                "verbose_name": "accumulation entry",
                "verbose_name_plural": "accumulation entries",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="accumulation",
            index=models.Index(
                models.F("client"),
                models.OrderBy(models.F("formed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="accumulation_recent",
            ),
        ),
        migrations.AddIndex(
            model_name="accumulation",
            index=models.Index(
                models.F("client"),
                models.F("label"),
                models.OrderBy(models.F("formed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="accumulation_by_label",
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulation",
            constraint=models.UniqueConstraint(
                fields=("number", "client", "wallet"), name="accumulation_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="accumulation_has_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="accumulation_amount_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "formed_at__gte",
                            datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                        ),
                        ("formed_at__lt", datetime.datetime(2100, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                    )
                ),
                name="accumulation_within_known_years",
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                name="accumulation_currency_form",
            ),
        ),
        add_client_to_key("accumulations_accumulation", "accumulations_accumulationentry"),
        # An accumulation's wallet is its Client's, and so are an entry's accumulation and transaction.
        migrations.RunSQL(
            """
            alter table accumulations_accumulation
                add constraint accumulation_wallet_of_client
                foreign key (wallet_id, client_id) references wallets_wallet (id, client_id);
            alter table accumulations_accumulationentry
                drop constraint accumulations_accumulationentry_transaction_id_key,
                add constraint accumulation_entry_transaction_once unique (transaction_id, client_id),
                add constraint accumulation_entry_of_client
                    foreign key (accumulation_id, client_id)
                    references accumulations_accumulation (id, client_id),
                add constraint accumulation_entry_transaction_of_client
                    foreign key (transaction_id, client_id)
                    references transactions_transaction (id, client_id);
            """
        ),
        enable_row_security("accumulations_accumulation"),
        enable_row_security("accumulations_accumulationentry"),
        revoke_delete("accumulations_accumulation", "accumulations_accumulationentry"),
        sql_file(__file__, "entries"),
    ]
