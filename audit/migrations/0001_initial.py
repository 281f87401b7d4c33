import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from paykassma_admin.database.row_security import enable_row_security, forbid_changes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                (
                    "client_name",
                    models.CharField(blank=True, max_length=100, verbose_name="client's name"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in", "Sign-in"),
                            ("sign_out", "Sign-out"),
                            ("reauthentication", "Identity confirmed"),
                            ("password_changed", "Password changed"),
                            ("second_factor_added", "Second factor added"),
                            ("second_factor_removed", "Second factor removed"),
                            ("recovery_codes_made", "Recovery codes generated"),
                            ("recovery_code_used", "Recovery code used"),
                            ("sessions_ended", "Sessions ended"),
                            ("lock_removed", "Lock removed"),
                            ("member_invited", "Member invited"),
                            ("invitation_revoked", "Invitation revoked"),
                            ("member_joined", "Member joined"),
                            ("member_changed", "Member's role changed"),
                            ("member_removed", "Member removed"),
                            ("key_made", "API key created"),
                            ("key_revoked", "API key revoked"),
                            ("client_registered", "Client registered"),
                            ("client_viewed", "Client's pages viewed by an administrator"),
                            ("balance_request", "Balance request"),
                            ("export", "Export"),
                            ("import_started", "Import started"),
                            ("import_ended", "Import ended"),
                            ("added", "Added in the back office"),
                            ("changed", "Changed in the back office"),
                            ("deleted", "Deleted in the back office"),
                            ("refusal", "Access refused"),
                        ],
                        db_collation="C",
                        max_length=30,
                        verbose_name="action",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("ok", "Done"), ("refused", "Refused"), ("failed", "Failed")],
                        db_collation="C",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("actor", models.CharField(max_length=200, verbose_name="actor")),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("user", "user"),
                            ("administrator", "administrator"),
                            ("key", "API key"),
                            ("command", "command"),
                            ("visitor", "not signed in"),
                        ],
                        db_collation="C",
                        max_length=20,
                        verbose_name="actor type",
                    ),
                ),
                ("address", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                ("target", models.CharField(blank=True, max_length=250, verbose_name="target")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="details")),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit event",
                "verbose_name_plural": "audit log",
                "indexes": [
                    models.Index(
                        models.F("client"),
                        models.OrderBy(models.F("at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="audit_event_recent",
                    ),
                    models.Index(
                        models.OrderBy(models.F("at"), descending=True), name="audit_event_newest"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "sign_in",
                                    "sign_out",
                                    "reauthentication",
                                    "password_changed",
                                    "second_factor_added",
                                    "second_factor_removed",
                                    "recovery_codes_made",
                                    "recovery_code_used",
                                    "sessions_ended",
                                    "lock_removed",
                                    "member_invited",
                                    "invitation_revoked",
                                    "member_joined",
                                    "member_changed",
                                    "member_removed",
                                    "key_made",
                                    "key_revoked",
                                    "client_registered",
                                    "client_viewed",
                                    "balance_request",
                                    "export",
                                    "import_started",
                                    "import_ended",
                                    "added",
                                    "changed",
                                    "deleted",
                                    "refusal",
                                ],
                            )
                        ),
                        name="audit_event_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ["ok", "refused", "failed"])),
                        name="audit_event_result_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "actor_kind__in",
                                ["user", "administrator", "key", "command", "visitor"],
                            )
                        ),
                        name="audit_event_actor_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor", ""), _negated=True),
                        name="audit_event_has_an_actor",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.comparison.Cast(
                                    "details", models.TextField()
                                )
                            ),
                            10000,
                        ),
                        name="audit_event_details_bounded",
                    ),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        enable_row_security("audit_auditevent"),
        # What happens before the Client is known, or concerns none. Web writes it and never reads it.
        migrations.RunSQL(
            "create policy without_client on audit_auditevent for insert"
            " with check (client_id is null)"
        ),
        forbid_changes("audit_auditevent"),
    ]
