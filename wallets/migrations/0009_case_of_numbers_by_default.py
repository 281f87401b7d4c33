from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wallets", "0008_number_ignores_case")]

    operations = [
        migrations.AlterField(
            "paymentsystem",
            "number_ignores_case",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text=(
                    "The payment system itself does not tell “9bc4k” from “9BC4K”: numbers of its"
                    " transactions are stored in capitals and found in any case."
                ),
                verbose_name="numbers are the same in any case",
            ),
        ),
    ]
