from django.db import migrations, models

import transactions.models
from paykassma_admin.database.client_keys import name_partition_indexes
from paykassma_admin.database.sql_files import sql_file


class Migration(migrations.Migration):
    dependencies = [("transactions", "0006_source_of_key_once")]

    operations = [
        # A volatile default would write each stored row anew: those have the number 0.
        migrations.SeparateDatabaseAndState(
            database_operations=[sql_file(__file__, "write_numbers")],
            state_operations=[
                migrations.AddField(
                    model_name="transaction",
                    name="written_in",
                    field=models.BigIntegerField(
                        db_default=transactions.models.WriteNumber(), editable=False
                    ),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index("client", "written_in", "id", name="transaction_by_write"),
        ),
        name_partition_indexes("transactions_transaction"),
    ]
