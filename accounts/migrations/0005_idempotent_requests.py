import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from paykassma_admin.database.client_keys import add_client_to_key
from paykassma_admin.database.row_security import enable_row_security


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_scopes_of_rows")]

    operations = [
        migrations.CreateModel(
            name="IdempotentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_collation="C", max_length=255)),
                ("sha256", models.CharField(db_collation="C", max_length=64)),
                ("started_at", models.DateTimeField(db_index=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("media_type", models.CharField(blank=True, max_length=50)),
                ("body", models.TextField(blank=True)),
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.apikey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "client", "name"), name="idempotent_request_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="idempotent_request_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="idempotent_request_sha256_is_a_digest",
                    ),
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        add_client_to_key("accounts_idempotentrequest"),
        migrations.RunSQL(
            "alter table accounts_idempotentrequest add constraint idempotent_request_key_of_client"
            " foreign key (key_id, client_id) references accounts_apikey (id, client_id)"
            " on delete cascade",
            migrations.RunSQL.noop,
        ),
        enable_row_security("accounts_idempotentrequest"),
    ]
