from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0009_drop_client_changed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="client",
            name="second_factor_required",
            field=models.BooleanField(
                default=True, verbose_name="every member needs a second factor"
            ),
        ),
    ]
