import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from paykassma_admin.database.client_keys import add_client_to_key
from paykassma_admin.database.row_security import enable_row_security, make_append_only
from paykassma_admin.database.sql_files import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_api_key_of_client"),
        ("transactions", "0003_transaction_by_amount"),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
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
                            ("command", "import by command"),
                            ("upload", "import in the browser"),
                            ("key", "API key"),
                        ],
                        db_collation="C",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=250, verbose_name="name")),
                ("sha256", models.CharField(blank=True, db_collation="C", max_length=64)),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
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
                    "key",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.apikey",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["command", "upload", "key"])),
                        name="source_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="source_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sha256", ""), ("sha256__regex", "^[0-9a-f]{64}$"), _connector="OR"
                        ),
                        name="source_sha256_is_a_digest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key__isnull", False), ("kind", "key")),
                            models.Q(
                                models.Q(("kind", "key"), _negated=True), ("key__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="source_key_where_a_key_wrote",
                    ),
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        add_client_to_key("transactions_source"),
        migrations.AddField(
            model_name="transaction",
            name="source",
            field=models.ForeignKey(
                blank=True,
                verbose_name="source",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="transactions.source",
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="transactions.source",
            ),
        ),
        migrations.AddField(
            model_name="transaction",
            name="source_row",
            field=models.IntegerField(blank=True, null=True, verbose_name="row of the source"),
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source_row__isnull", True),
                    models.Q(
                        ("source__isnull", False),
                        ("source_row__gt", 0),
                        ("source_row__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="transaction_row_is_of_a_source",
            ),
        ),
        migrations.RunSQL(
            """
            alter table transactions_source
                add constraint source_key_of_client
                    foreign key (key_id, client_id) references accounts_apikey (id, client_id);
            alter table transactions_transaction
                add constraint transaction_source_of_client
                    foreign key (source_id, client_id)
                    references transactions_source (id, client_id);
            alter table transactions_change
                add constraint change_source_of_client
                    foreign key (source_id, client_id)
                    references transactions_source (id, client_id);
            """
        ),
        enable_row_security("transactions_source"),
        make_append_only("transactions_source"),
        sql_file(__file__, "history_with_sources"),
    ]
