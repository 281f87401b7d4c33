from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("clients", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="auditevent",
            name="audit_event_kind_known",
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
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
                    ("note_written", "Note on a transaction"),
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
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
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
                            "note_written",
                            "added",
                            "changed",
                            "deleted",
                            "refusal",
                        ],
                    )
                ),
                name="audit_event_kind_known",
            ),
        ),
    ]
