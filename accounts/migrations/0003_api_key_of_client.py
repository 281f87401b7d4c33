from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_list_preferences")]

    operations = [
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(fields=("id", "client"), name="api_key_of_client"),
        ),
    ]
