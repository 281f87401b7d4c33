from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wallets", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="paymentsystem",
            name="payment_system_has_a_code",
        ),
        migrations.AddConstraint(
            model_name="paymentsystem",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Za-z0-9_.-]+$")),
                name="payment_system_code_form",
                violation_error_message="A code has Latin letters, digits, “_”, “.” and “-”.",
            ),
        ),
    ]
