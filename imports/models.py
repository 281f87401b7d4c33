from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from imports.kinds import READINGS, Content, Reading
from jobs.models import Job, State
from paykassma_admin.encrypted_files import open_encrypted
from paykassma_admin.imports.preview import Preview, preview

KEPT = timedelta(days=30)
MAX_NAME = 250


class ImportFileQuerySet(ClientOwnedQuerySet["ImportFile"]):
    def newest_first(self) -> Self:
        return self.order_by("-made_at", "-id")


class ImportFile(models.Model):
    """A file that a member sent to be imported. Its bytes lie encrypted in UPLOADS_DIR.

    Tenant: its Client. Read and written by its owners and operators. Kept 30 days. Audit events:
    start, end, of the import.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    content = models.CharField(
        pgettext_lazy("a file", "holds"), max_length=20, choices=Content.choices, db_collation="C"
    )
    name = models.CharField(pgettext_lazy("a file", "name"), max_length=MAX_NAME)
    sha256 = models.CharField(max_length=64, db_collation="C")
    size = models.BigIntegerField(pgettext_lazy("a file", "bytes"))
    key = models.UUIDField(editable=False)  # its name on the disk
    # The file's name of each of our columns, as a person has said; empty before.
    columns = models.JSONField(default=dict, blank=True)
    spelling = models.JSONField(default=dict, blank=True)  # of its amounts and times
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    actor = models.CharField(pgettext_lazy("a file", "sent by"), max_length=200)
    made_at = models.DateTimeField(pgettext_lazy("a file", "sent at"), db_default=Now())
    # Jobs of the same Client: foreign keys with it, in SQL.
    trial = models.ForeignKey(
        Job, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    run = models.ForeignKey(
        Job, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )

    unscoped = UnscopedManager.from_queryset(ImportFileQuerySet)()
    objects = ImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file to import")
        verbose_name_plural = _("files to import")
        indexes = [
            models.Index("client", F("made_at").desc(), F("id").desc(), name="import_file_recent"),
            models.Index("made_at", name="import_file_made_at"),  # to remove old ones
        ]
        constraints = [
            models.CheckConstraint(
                name="import_file_content_known", condition=Q(content__in=Content.values)
            ),
            models.UniqueConstraint(fields=["key", "client"], name="import_file_key_once"),
            models.CheckConstraint(name="import_file_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="import_file_has_an_actor", condition=~Q(actor="")),
            models.CheckConstraint(
                name="import_file_sha256_is_a_digest", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="import_file_size_known", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reading(self) -> Reading:
        return READINGS[Content(self.content)]

    @property
    def path(self) -> Path:
        return file_path(self.client_id, self.key.hex)

    def open(self) -> BinaryIO:
        return open_encrypted(self.path)

    def preview(self) -> Preview:
        with self.open() as stream:
            return preview(stream)

    @property
    def open_job(self) -> Job | None:
        return next((job for job in (self.run, self.trial) if job and job.is_open), None)

    @property
    def is_tried(self) -> bool:
        """Return whether a trial has ended that read the file as is chosen now."""
        trial = self.trial
        if trial is None or trial.state != State.DONE:
            return False
        return all(trial.arguments.get(name) == said for name, said in self.choice.items())

    @property
    def choice(self) -> dict[str, dict[str, str]]:
        """Return what a person has said of the file, as arguments of a job."""
        return {"columns": self.columns, "spelling": self.spelling}

    @property
    def last_job(self) -> Job | None:
        return self.run or self.trial


def file_path(client_id: int, key: str) -> Path:
    return Path(settings.UPLOADS_DIR) / str(client_id) / key


class RefusedRowQuerySet(ClientOwnedQuerySet["RefusedRow"]):
    pass


class RefusedRow(models.Model):
    """A row that an import, or its trial, has refused, with its texts in the order of our columns.

    Tenant: its Client. Goes with its file.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(
        ImportFile, models.DO_NOTHING, related_name="refused", db_constraint=False, db_index=False
    )
    job_id = models.BigIntegerField()
    line = models.BigIntegerField()
    field = models.CharField(max_length=200)
    reason = models.TextField()  # in the language of who started it
    texts = models.JSONField(default=list)

    unscoped = UnscopedManager.from_queryset(RefusedRowQuerySet)()
    objects = RefusedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        indexes = [models.Index("file", "job_id", "line", name="refused_row_of_job")]

    def __str__(self) -> str:
        return f"{self.line}: {self.field}: {self.reason}"


class ColumnChoiceQuerySet(ClientOwnedQuerySet["ColumnChoice"]):
    pass


class ColumnChoice(models.Model):
    """The columns that were chosen last for a header, to be offered with the next such file."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    content = models.CharField(max_length=20, choices=Content.choices, db_collation="C")
    header_sha256 = models.CharField(max_length=64, db_collation="C")
    columns = models.JSONField()
    spelling = models.JSONField(default=dict)

    unscoped = UnscopedManager.from_queryset(ColumnChoiceQuerySet)()
    objects = ColumnChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "content", "header_sha256"], name="column_choice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content} {self.header_sha256[:8]}"
