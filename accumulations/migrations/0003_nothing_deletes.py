"""An import, as web, adds and changes; nothing deletes."""

from django.db import migrations

RIGHTS = "delete on accumulations_accumulation, accumulations_accumulationentry"


class Migration(migrations.Migration):
    dependencies = [("accumulations", "0002_everyones")]

    operations = [
        migrations.RunSQL(
            f"revoke {RIGHTS} from paykassma_web;", f"grant {RIGHTS} to paykassma_web;"
        ),
    ]
