from django.db import migrations, models

from paykassma_admin.database.client_keys import name_partition_indexes


class Migration(migrations.Migration):
    dependencies = [("transactions", "0002_same_counterparty")]

    operations = [
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                models.F("client"),
                models.F("amount"),
                models.OrderBy(models.F("logged_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="transaction_by_amount",
            ),
        ),
        name_partition_indexes("transactions_transaction"),
    ]
