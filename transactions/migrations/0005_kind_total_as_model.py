from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transactions", "0004_kind_totals"),
    ]

    operations = [
        migrations.CreateModel(
            name="KindTotal",
            fields=[
                ("direction", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("country", models.CharField(max_length=2)),
                ("is_converted", models.BooleanField()),
                ("count", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=40)),
                ("amount_usd", models.DecimalField(decimal_places=4, max_digits=40)),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=10)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client",
                        "kind",
                        "day",
                        "direction",
                        "payment_system",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "transactions_kinds",
                "managed": False,
            },
        ),
    ]
