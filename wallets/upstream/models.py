from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.kinds import ActorKind
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from paykassma_admin.values.iso_codes import CURRENCY_FORM
from wallets.upstream import secret
from wallets.upstream.outcomes import ANSWERS, Outcome

KEPT = timedelta(days=90)
BODY_LENGTH = 4000
MILLISECOND = timedelta(milliseconds=1)


class SourceKind(models.TextChoices):
    REPORTED = "reported", _("reported to us")
    HTTP = "http", _("asked of the payment system")


class BalanceSourceQuerySet(ClientOwnedQuerySet["BalanceSource"]):
    def with_last_outcome(self) -> Self:
        own = {name: OuterRef(name) for name in ("client_id", "payment_system_id")}
        ended = UpstreamRequest.objects.filter(**own).unscoped().ended()
        last = Subquery(ended.values("outcome")[:1])
        return self.annotate(outcome_of_last=last).select_related("payment_system")


class BalanceSource(models.Model):
    """The source of balances of a Client's payment system; without one they are reported.

    Tenant: its Client. Read by its owners and operators, through balances alone; written by
    administrators in the back office. Kept until changed. Audit events: added, changed.
    """

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, verbose_name=_("client"), related_name="+"
    )
    payment_system = models.ForeignKey(
        "wallets.PaymentSystem",
        models.PROTECT,
        verbose_name=_("payment system"),
        related_name="+",
    )
    kind = models.CharField(
        pgettext_lazy("a source", "kind"),
        max_length=10,
        choices=SourceKind.choices,
        default=SourceKind.REPORTED,
        db_collation="C",
    )
    url = models.CharField(_("address"), max_length=500, blank=True)
    encrypted_secret = models.TextField(blank=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3, db_collation="C")

    unscoped = UnscopedManager.from_queryset(BalanceSourceQuerySet)()
    objects = BalanceSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of balances")
        verbose_name_plural = _("sources of balances")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "payment_system"], name="balance_source_once"
            ),
            models.CheckConstraint(
                name="balance_source_kind_known", condition=Q(kind__in=SourceKind.values)
            ),
            models.CheckConstraint(
                name="balance_source_has_an_address_if_asked",
                condition=Q(kind=SourceKind.REPORTED) | ~Q(url=""),
                violation_error_message=_("A source that is asked needs an address."),
            ),
            models.CheckConstraint(
                name="balance_source_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_system} · {self.get_kind_display()}"

    @property
    def audit_target(self) -> str:
        """Name the source in no language: the log is read in both."""
        return f"{self.payment_system} · {self.kind}"

    @property
    def is_asked(self) -> bool:
        return self.kind == SourceKind.HTTP

    @property
    def last_outcome(self) -> Outcome | None:
        """Return what came of the last question; read `with_last_outcome` for it."""
        outcome: str | None = getattr(self, "outcome_of_last")  # noqa: B009  # an annotation
        return Outcome(outcome) if outcome else None

    @property
    def secret(self) -> str:
        return secret.decrypt(self.encrypted_secret)


class UpstreamRequestQuerySet(ClientOwnedQuerySet["UpstreamRequest"]):
    def of_source(self, source: BalanceSource) -> Self:
        return self.filter(
            client_id=source.client_id, payment_system_id=source.payment_system_id
        ).unscoped()

    def ended(self) -> Self:
        return self.filter(ended_at__isnull=False).order_by("-ended_at", "-id")

    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-id")


class UpstreamRequest(models.Model):
    """A question to an upstream and what came of it; while it has no end, it is being asked.

    Tenant: its Client. Read by its owners and operators; written by the product when one of them,
    or a key, requests a balance. Kept 90 days. Audit event: the balance request.
    """

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, verbose_name=_("client"), related_name="+"
    )
    payment_system = models.ForeignKey(
        "wallets.PaymentSystem",
        models.PROTECT,
        verbose_name=_("payment system"),
        related_name="+",
    )
    actor = models.CharField(pgettext_lazy("a request", "by"), max_length=200)
    actor_kind = models.CharField(max_length=20, choices=ActorKind.choices, db_collation="C")
    asked_at = models.DateTimeField(pgettext_lazy("a request", "asked at"))
    ended_at = models.DateTimeField(pgettext_lazy("a request", "ended at"), null=True)
    outcome = models.CharField(
        pgettext_lazy("a request", "outcome"),
        max_length=20,
        choices=Outcome.choices,
        blank=True,
        db_collation="C",
    )
    http_status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(pgettext_lazy("a request", "what came"), blank=True)  # its beginning
    currency = models.CharField(_("currency"), max_length=3, db_collation="C")
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=4, null=True)
    commission_percent = models.DecimalField(
        _("commission on withdrawal, %"), max_digits=7, decimal_places=4, null=True
    )

    unscoped = UnscopedManager.from_queryset(UpstreamRequestQuerySet)()
    objects = UpstreamRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to an upstream")
        verbose_name_plural = _("requests to upstreams")
        indexes = [
            models.Index(
                "client",
                "payment_system",
                F("asked_at").desc(),
                F("id").desc(),
                name="upstream_request_of_system",
            ),
            models.Index(
                "client", F("asked_at").desc(), F("id").desc(), name="upstream_request_recent"
            ),
            models.Index("asked_at", name="upstream_request_asked_at"),  # to remove old ones
        ]
        constraints = [
            # Of equal requests at once one asks, whichever process they came to.
            models.UniqueConstraint(
                fields=["client", "payment_system"],
                condition=Q(ended_at=None),
                name="upstream_request_open_once",
            ),
            models.CheckConstraint(
                name="upstream_request_outcome_known",
                condition=Q(ended_at=None, outcome="")
                | Q(ended_at__isnull=False, outcome__in=Outcome.values),
            ),
            models.CheckConstraint(
                name="upstream_request_amount_of_an_answer",
                condition=Q(amount=None) | Q(outcome__in=ANSWERS),
            ),
            models.CheckConstraint(
                name="upstream_request_actor_kind_known",
                condition=Q(actor_kind__in=ActorKind.values),
            ),
            models.CheckConstraint(
                name="upstream_request_currency_form", condition=Q(currency__regex=CURRENCY_FORM)
            ),
            models.CheckConstraint(
                name="upstream_request_body_bounded",
                condition=LessThanOrEqual(Length("body"), BODY_LENGTH),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_system} · {self.get_outcome_display()}"

    @property
    def is_answer(self) -> bool:
        return bool(self.outcome) and Outcome(self.outcome).is_answer

    @property
    def milliseconds(self) -> int | None:
        return (self.ended_at - self.asked_at) // MILLISECOND if self.ended_at else None
