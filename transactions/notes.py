from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.scoping import ClientOwnedQuerySet, UnscopedManager

TEXT_LENGTH = 2_000


class NoteQuerySet(ClientOwnedQuerySet["Note"]):
    pass


class Note(models.Model):
    """A text of a member about a transaction.

    Its Client's members read it, owners and operators write it. It is kept for ever and never
    changed; the audit log has that it was written, and not the text.
    """

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="+")
    transaction = models.ForeignKey(
        "transactions.Transaction",
        models.PROTECT,
        related_name="notes",
        db_constraint=False,
        db_index=False,
    )  # a composite foreign key in SQL
    author = models.CharField(_("author"), max_length=150)  # a login, which may be gone
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    form_key = models.UUIDField(editable=False)  # of what was sent: sent twice, it is one note

    unscoped = UnscopedManager.from_queryset(NoteQuerySet)()
    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(
                fields=["transaction", "client", "form_key"], name="note_sent_once"
            ),
            models.CheckConstraint(name="note_has_an_author", condition=~Q(author="")),
            models.CheckConstraint(name="note_has_a_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="note_text_bounded", condition=LessThanOrEqual(Length("text"), TEXT_LENGTH)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"
