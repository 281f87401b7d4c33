"""What an actor is, beside the name; logins that are nobody else's."""

import django.contrib.auth.validators
from django.db import migrations, models

import accounts.sign_in.logins

KINDS = ["user", "administrator", "key", "command", "visitor"]
# The log is never changed; that of before says the same in another column.
TELL_KINDS = """
    alter table clients_auditevent disable trigger never_changed;
    update clients_auditevent event set actor_kind = case
        when actor like 'key pk\\_%' then 'key'
        when address is null then 'command'
        when kind = 'sign_in' and result <> 'ok' then 'visitor'
        when exists (select from clients_user where username = actor and is_staff)
            then 'administrator'
        else 'user' end;
    alter table clients_auditevent enable trigger never_changed;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0012_time_zones")]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="actor_kind",
            field=models.CharField(
                choices=[
                    ("user", "user"),
                    ("administrator", "administrator"),
                    ("key", "API key"),
                    ("command", "command"),
                    ("visitor", "not signed in"),
                ],
                db_collation="C",
                default="user",
                max_length=20,
                verbose_name="kind of actor",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(TELL_KINDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("actor_kind__in", KINDS)),
                name="audit_event_actor_kind_known",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="username",
            field=models.CharField(
                error_messages={"unique": "There is a user with this login."},
                max_length=150,
                unique=True,
                validators=[
                    django.contrib.auth.validators.UnicodeUsernameValidator(),
                    accounts.sign_in.logins.one_script,
                    accounts.sign_in.logins.not_reserved,
                ],
                verbose_name="login",
            ),
        ),
    ]
