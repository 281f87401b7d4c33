"""Clients are made and changed in the back office, as worker, and are never deleted."""

from django.db import migrations

RIGHTS = "insert, update, delete on clients_client"


class Migration(migrations.Migration):
    dependencies = [("clients", "0010_second_factor_required_at_first")]

    operations = [
        migrations.RunSQL(
            f"revoke {RIGHTS} from paykassma_web;", f"grant {RIGHTS} to paykassma_web;"
        ),
    ]
