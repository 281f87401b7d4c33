from typing import Any

from django.db import migrations, models

import clients.models
from clients.time_zones import write_time_zones
from paykassma_admin.database.row_security import (
    enable_row_security,
    revoke_writes,
    set_worker_owner,
)
from paykassma_admin.database.sql_files import sql_file


def write(apps: Any, schema_editor: Any) -> None:
    write_time_zones(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # What is made later is usable by both roles; each table's own migration takes away what its
        # role must not do.
        migrations.RunSQL(
            """
            grant select, insert, update, delete on all tables in schema public
                to paykassma_web, paykassma_worker;
            grant usage on all sequences in schema public to paykassma_web, paykassma_worker;
            alter default privileges in schema public
                grant select, insert, update, delete on tables to paykassma_web, paykassma_worker;
            alter default privileges in schema public
                grant usage on sequences to paykassma_web, paykassma_worker;
            """
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("slug", models.SlugField(unique=True, verbose_name="short name")),
                (
                    "time_zone",
                    models.CharField(
                        max_length=50,
                        validators=[clients.models.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="is active")),
                (
                    "second_factor_required",
                    models.BooleanField(
                        default=True, verbose_name="every member needs a second factor"
                    ),
                ),
                (
                    "choices_version",
                    models.BigIntegerField(db_default=0, default=0, editable=False),
                ),
            ],
            options={
                "verbose_name": "client",
                "verbose_name_plural": "clients",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="client_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True), name="client_has_a_slug"
                    ),
                ],
            },
        ),
        enable_row_security("clients_client", column="id"),
        revoke_writes(
            "clients_client"
        ),  # Clients are made and changed in the back office, as worker
        sql_file(__file__, "time_zones"),
        migrations.RunPython(write),
        migrations.RunSQL(
            "alter table clients_client add constraint client_time_zone_known"
            " foreign key (time_zone) references clients_timezone (name)"
        ),
        sql_file(__file__, "choices"),
        set_worker_owner("renew_choices()"),
    ]
