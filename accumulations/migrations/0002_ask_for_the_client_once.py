from django.db import migrations

from paykassma_admin.row_security import CURRENT_CLIENT


class Migration(migrations.Migration):
    """As transactions/migrations/0002, and for the same reason."""

    dependencies = [("accumulations", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "alter policy tenant on accumulations_accumulation"
            f" using (client_id = (select {CURRENT_CLIENT}))",
            "alter policy tenant on accumulations_accumulation"
            f" using (client_id = {CURRENT_CLIENT})",
        ),
    ]
