import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from paykassma_admin.database.client_keys import add_client_to_key
from paykassma_admin.database.row_security import enable_row_security, forbid_changes


class Migration(migrations.Migration):
    dependencies = [("transactions", "0004_sources")]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author", models.CharField(max_length=150, verbose_name="author")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                ("form_key", models.UUIDField(editable=False)),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="transactions.transaction",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("transaction", "client", "form_key"), name="note_sent_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("author", ""), _negated=True),
                        name="note_has_an_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="note_has_a_text"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("text"), 2000
                        ),
                        name="note_text_bounded",
                    ),
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        add_client_to_key("transactions_note"),
        migrations.RunSQL(
            "alter table transactions_note add constraint note_transaction_of_client"
            " foreign key (transaction_id, client_id)"
            " references transactions_transaction (id, client_id)"
        ),
        enable_row_security("transactions_note"),
        forbid_changes("transactions_note"),
    ]
