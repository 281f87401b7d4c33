"""A Client's row says when what it can choose from has changed: each request reads it anyway."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from paykassma_admin.database.row_security import CURRENT_CLIENT, owned_by_worker


class Migration(migrations.Migration):
    dependencies = [("clients", "0013_actor_kinds_and_logins")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="choices_version",
            field=models.BigIntegerField(default=0, db_default=0, editable=False),
        ),
        # Web changes no Client, and imports run as web.
        RunSQL(
            f"""
            create function renew_choices() returns void
            language sql security definer set search_path = public, pg_temp as $$
                update clients_client set choices_version = choices_version + 1
                where id = {CURRENT_CLIENT}
            $$
            """,
            "drop function renew_choices",
        ),
        owned_by_worker("renew_choices()"),
        # A form that was opened before saves what it read, too.
        RunSQL(
            """
            create function keep_choices_version() returns trigger
            language plpgsql set search_path = public, pg_temp as $$
            begin
                new.choices_version := greatest(new.choices_version, old.choices_version);
                return new;
            end $$;
            create trigger keep_choices_version before update on clients_client
                for each row execute function keep_choices_version();
            """,
            """
            drop trigger keep_choices_version on clients_client;
            drop function keep_choices_version;
            """,
        ),
    ]
