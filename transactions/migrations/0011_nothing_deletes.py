"""No page and no import deletes a transaction."""

from django.db import migrations

from paykassma_admin.database.row_security import never_deleted


class Migration(migrations.Migration):
    dependencies = [("transactions", "0010_compacted_by_days_once")]

    operations = [never_deleted("transactions_transaction")]
