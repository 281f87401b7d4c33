"""No page and no import deletes an accumulation, or a part of one."""

from django.db import migrations

from paykassma_admin.database.row_security import never_deleted


class Migration(migrations.Migration):
    dependencies = [("accumulations", "0002_everyones")]

    operations = [
        never_deleted("accumulations_accumulation", "accumulations_accumulationentry"),
    ]
