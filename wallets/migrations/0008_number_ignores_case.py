from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wallets", "0007_within_known_years")]

    operations = [
        migrations.AddField(
            "paymentsystem",
            "number_ignores_case",
            models.BooleanField(
                default=False,
                help_text=(
                    "The payment system itself does not tell “9bc4k” from “9BC4K”: numbers of its"
                    " transactions are stored in capitals and found in any case."
                ),
                verbose_name="numbers are the same in any case",
            ),
        ),
    ]
