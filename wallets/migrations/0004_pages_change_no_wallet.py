"""Wallets are made and changed as worker: in the back office, and by imports where asked to."""

from django.db import migrations

from paykassma_admin.database.row_security import never_deleted, read_only


class Migration(migrations.Migration):
    dependencies = [("wallets", "0003_everyones")]

    operations = [read_only("wallets_wallet"), never_deleted("wallets_balance")]
