"""Wallets are made and changed as worker, in the back office and by imports; no balance is deleted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wallets", "0003_everyones")]

    operations = [
        migrations.RunSQL(
            """
            revoke insert, update, delete on wallets_wallet from paykassma_web;
            revoke delete on wallets_balance from paykassma_web;
            """,
            """
            grant insert, update, delete on wallets_wallet to paykassma_web;
            grant delete on wallets_balance to paykassma_web;
            """,
        ),
    ]
