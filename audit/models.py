from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.kinds import ActorKind, Kind, Result
from clients.models import Client
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin.periods import Period

ACTOR_LENGTH, TARGET_LENGTH, DETAILS_LENGTH = 200, 250, 10_000


class AuditEventQuerySet(ClientOwnedQuerySet["AuditEvent"]):
    def for_period(self, period: Period) -> Self:
        return self.within(period, "at")

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")


class AuditEvent(models.Model):
    """An immutable event: who, when, from where, what, with what result.

    It holds texts and no foreign keys, and so outlives what it describes. Its id is made here,
    since web cannot read back an event without a Client.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    at = models.DateTimeField(pgettext_lazy("an act", "time"), default=timezone.now)
    client = models.ForeignKey(
        Client,
        models.DO_NOTHING,
        verbose_name=_("client"),
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    client_name = models.CharField(_("client's name"), max_length=100, blank=True)
    kind = models.CharField(
        pgettext_lazy("an act", "action"), max_length=30, choices=Kind.choices, db_collation="C"
    )
    result = models.CharField(
        pgettext_lazy("an act", "result"), max_length=10, choices=Result.choices, db_collation="C"
    )
    actor = models.CharField(pgettext_lazy("an act", "actor"), max_length=ACTOR_LENGTH)
    actor_kind = models.CharField(
        pgettext_lazy("an act", "actor type"),
        max_length=20,
        choices=ActorKind.choices,
        db_collation="C",
    )
    address = models.GenericIPAddressField(_("IP address"), null=True)
    target = models.CharField(
        pgettext_lazy("an act", "target"), max_length=TARGET_LENGTH, blank=True
    )
    details = models.JSONField(_("details"), default=dict, blank=True)

    unscoped = UnscopedManager.from_queryset(AuditEventQuerySet)()
    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index("client", F("at").desc(), F("id").desc(), name="audit_event_recent"),
            models.Index(F("at").desc(), name="audit_event_newest"),  # the back office, of all
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_event_kind_known", condition=Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="audit_event_result_known", condition=Q(result__in=Result.values)
            ),
            models.CheckConstraint(
                name="audit_event_actor_kind_known",
                condition=Q(actor_kind__in=ActorKind.values),
            ),
            models.CheckConstraint(name="audit_event_has_an_actor", condition=~Q(actor="")),
            models.CheckConstraint(
                name="audit_event_details_bounded",
                condition=LessThanOrEqual(
                    Length(Cast("details", models.TextField())), DETAILS_LENGTH
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.actor}"
