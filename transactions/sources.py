from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import ApiKey
from clients.models import Client
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin.database.tenancy import tenant

NAME_LENGTH = 250


class SourceKind(models.TextChoices):
    COMMAND = "command", pgettext_lazy("source", "import by command")
    UPLOAD = "upload", pgettext_lazy("source", "import in the browser")
    KEY = "key", pgettext_lazy("source", "API key")


class SourceQuerySet(ClientOwnedQuerySet["Source"]):
    pass


class Source(models.Model):
    """The origin of rows: one run of an import, or an API key.

    Its Client's members read it, and what writes the rows writes it. It is kept for ever and
    never changed; the audit log has the import itself.
    """

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind.choices, db_collation="C")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)  # of the file, or of the key
    sha256 = models.CharField(max_length=64, blank=True, db_collation="C")  # "" of a stream
    key = models.ForeignKey(
        "accounts.ApiKey",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )  # a composite foreign key in SQL
    at = models.DateTimeField(_("time"), default=timezone.now)

    unscoped = UnscopedManager.from_queryset(SourceQuerySet)()
    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                name="source_kind_known", condition=Q(kind__in=SourceKind.values)
            ),
            models.CheckConstraint(name="source_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="source_sha256_is_a_digest",
                condition=Q(sha256="") | Q(sha256__regex="^[0-9a-f]{64}$"),
            ),
            models.UniqueConstraint(fields=["key", "client"], name="source_of_key_once"),
            models.CheckConstraint(
                name="source_key_where_a_key_wrote",
                condition=Q(kind=SourceKind.KEY, key__isnull=False)
                | (~Q(kind=SourceKind.KEY) & Q(key__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


def store_once(source: Source) -> int:
    """Store a source in a transaction of its own, unless it is stored; return its id."""
    if source.pk is None:
        with tenant(source.client_id):
            source.save(force_insert=True)
    return source.pk


def key_source(key: ApiKey) -> Source:
    """Return the one source of all rows that a key writes; store it at its first row."""
    with tenant(key.client_id):
        own = Source.objects.for_client(key.client).filter(key=key)
        if (stored := own.first()) is not None:
            return stored
        source = Source(client=key.client, kind=SourceKind.KEY, name=str(key), key=key)
        Source.unscoped.bulk_create([source], ignore_conflicts=True)
        return own.get()


def file_source(client: Client, *, kind: SourceKind, name: str, sha256: str) -> Source:
    """Return a source that is not stored yet: a file without rows leaves none."""
    return Source(client=client, kind=kind, name=name[-NAME_LENGTH:] or "-", sha256=sha256)
