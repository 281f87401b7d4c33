import datetime

import django.db.models.deletion
from django.db import migrations, models

from paykassma_admin.database.row_security import make_append_only, revoke_writes
from paykassma_admin.database.sql_files import sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("wallets", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentSystemChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_active", models.BooleanField(verbose_name="is active")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "payment_system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="wallets.paymentsystem",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a payment system",
                "verbose_name_plural": "changes of a payment system",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "at__gte",
                                    datetime.datetime(1999, 12, 31, 0, 0, tzinfo=datetime.UTC),
                                ),
                                (
                                    "at__lt",
                                    datetime.datetime(2100, 1, 2, 0, 0, tzinfo=datetime.UTC),
                                ),
                            )
                        ),
                        name="payment_system_change_within_known_years",
                    )
                ],
            },
        ),
        revoke_writes("wallets_paymentsystemchange"),
        make_append_only("wallets_paymentsystemchange"),
        sql_file(__file__, "changes"),
    ]
