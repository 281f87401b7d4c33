from django.db import migrations, models

from paykassma_admin.database.client_keys import name_partition_indexes


class Migration(migrations.Migration):
    """Rows of one counterparty, newest first; docs/adr/0042 has what it costs."""

    dependencies = [("transactions", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                models.F("client"),
                models.F("counterparty_key"),
                models.OrderBy(models.F("logged_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="transaction_by_name_key",
            ),
        ),
        name_partition_indexes("transactions_transaction"),
    ]
