from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_scopes_of_rows"),
        ("transactions", "0005_notes"),
    ]
    operations = [
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("key", "client"), name="source_of_key_once"),
        ),
    ]
