from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transactions", "0002_day_totals"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayTotal",
            fields=[
                ("direction", models.CharField(max_length=10)),
                ("type", models.CharField(max_length=10)),
                ("status", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("country", models.CharField(max_length=2)),
                ("is_converted", models.BooleanField()),
                ("count", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=40)),
                ("amount_usd", models.DecimalField(decimal_places=4, max_digits=40)),
                ("day", models.DateField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client",
                        "day",
                        "wallet",
                        "direction",
                        "type",
                        "status",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "transactions_days",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="MonthTotal",
            fields=[
                ("direction", models.CharField(max_length=10)),
                ("type", models.CharField(max_length=10)),
                ("status", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("country", models.CharField(max_length=2)),
                ("is_converted", models.BooleanField()),
                ("count", models.BigIntegerField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=40)),
                ("amount_usd", models.DecimalField(decimal_places=4, max_digits=40)),
                ("month", models.DateField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client",
                        "month",
                        "wallet",
                        "direction",
                        "type",
                        "status",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "transactions_months",
                "managed": False,
            },
        ),
    ]
