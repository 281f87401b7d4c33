"""Clients are made and changed in the back office, as worker."""

from django.db import migrations

from paykassma_admin.database.row_security import read_only


class Migration(migrations.Migration):
    dependencies = [("clients", "0010_second_factor_required_at_first")]

    operations = [read_only("clients_client")]
