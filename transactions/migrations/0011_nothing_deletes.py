"""An import, as web, adds and changes; nothing deletes."""

from django.db import migrations

RIGHTS = "delete on transactions_transaction"


class Migration(migrations.Migration):
    dependencies = [("transactions", "0010_compacted_by_days_once")]

    operations = [
        migrations.RunSQL(
            f"revoke {RIGHTS} from paykassma_web;", f"grant {RIGHTS} to paykassma_web;"
        ),
    ]
