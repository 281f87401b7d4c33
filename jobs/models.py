from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from clients.scoping import ClientOwnedQuerySet, UnscopedManager
from jobs.kinds import find_kind
from paykassma_admin.database.tenancy import WORKER

KEPT = timedelta(days=30)
LEAST_MEASURED = timedelta(seconds=1)  # before that a rate would be a guess


class State(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("a job", "Waiting")
    RUNNING = "running", pgettext_lazy("a job", "Running")
    DONE = "done", pgettext_lazy("a job", "Done")
    FAILED = "failed", pgettext_lazy("a job", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("a job", "Cancelled")


OPEN = (State.QUEUED, State.RUNNING)
# As the states of transactions look: templates/jobs/includes/progress.html.
LOOKS = {
    State.QUEUED: "pending",
    State.RUNNING: "processing",
    State.DONE: "activated",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}


class JobQuerySet(ClientOwnedQuerySet["Job"]):
    def open_first(self) -> Self:
        is_open = Case(When(state__in=OPEN, then=Value(0)), default=Value(1))
        return self.order_by(is_open, "-made_at", "-id")

    def of_attempt(self, job: "Job") -> Self:
        """Return the job as long as this attempt is the one that may go on with it."""
        return self.filter(pk=job.pk, attempt=job.attempt, state=State.RUNNING)


class Job(models.Model):
    """Work in the background for one Client, or for none: upkeep.

    Tenant: its Client. Read by its owners and operators; made by them, cancelled by its maker;
    written by the worker process. Kept 30 days. Audit events: start, end, cancel.
    """

    client = models.ForeignKey(
        Client, models.PROTECT, verbose_name=_("client"), null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=40, db_collation="C")
    arguments = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State.choices,
        default=State.QUEUED,
        db_collation="C",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
    )
    actor = models.CharField(
        pgettext_lazy("a job", "made by"), max_length=200
    )  # stays when its user goes
    made_at = models.DateTimeField(pgettext_lazy("a job", "made at"), db_default=Now())
    # Where the next step goes on, written in the transaction of the last one.
    position = models.JSONField(default=dict, blank=True)
    done = models.BigIntegerField(pgettext_lazy("a job", "done"), default=0, db_default=0)
    total = models.BigIntegerField(pgettext_lazy("a job", "of"), null=True)  # not known, or not yet
    # A number for each start: who has an older one may write nothing any more.
    attempt = models.PositiveIntegerField(default=0, db_default=0)
    interruptions = models.PositiveIntegerField(default=0, db_default=0)  # since the last step
    started_at = models.DateTimeField(null=True)  # of this attempt
    done_before = models.BigIntegerField(default=0, db_default=0)  # this attempt
    heartbeat_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(pgettext_lazy("a job", "ended at"), null=True)
    # English as in the code, for each reader's language; with what stands in it.
    reason = models.CharField(max_length=300, blank=True)
    reason_values = models.JSONField(default=dict, blank=True)

    unscoped = UnscopedManager.from_queryset(JobQuerySet)()
    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index("client", F("made_at").desc(), F("id").desc(), name="job_recent"),
            models.Index("heartbeat_at", condition=Q(state__in=OPEN), name="job_open"),
            models.Index("made_at", name="job_made_at"),  # to remove old ones
        ]
        constraints = [
            # What belongs to a job points to both.
            models.UniqueConstraint(fields=["id", "client"], name="job_id_of_client_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(client=None, state__in=OPEN),
                name="job_of_upkeep_open_once",
            ),
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="job_has_a_kind", condition=~Q(kind="")),
            models.CheckConstraint(name="job_has_an_actor", condition=~Q(actor="")),
            models.CheckConstraint(
                name="job_done_within_total",
                condition=Q(done__gte=0) & (Q(total=None) | Q(total__gte=F("done"))),
            ),
            models.CheckConstraint(
                name="job_has_an_end_or_is_open",
                condition=Q(state__in=OPEN, ended_at=None)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"

    @property
    def title(self) -> str:
        """Return what the job does; its kind's name if no room has it any more."""
        found = find_kind(self.kind)
        return str(found.title) if found else self.kind

    @property
    def alias(self) -> str:
        """Return the connection that writes the job: worker's where there is no Client to be."""
        return DEFAULT_DB_ALIAS if self.client_id else WORKER

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def look(self) -> str:
        return LOOKS[State(self.state)]

    @property
    def is_cancelling(self) -> bool:
        return self.is_open and self.cancel_asked_at is not None

    @property
    def reason_in_words(self) -> str:
        return translate(self.reason) % self.reason_values if self.reason else ""

    @property
    def percent(self) -> int | None:
        if self.total is None:
            return None
        return 100 * self.done // self.total if self.total else 100

    @property
    def rate(self) -> float | None:
        """Return how many a second this attempt does, as far as it has been measured."""
        if self.state != State.RUNNING or not self.started_at or not self.heartbeat_at:
            return None
        time, done = self.heartbeat_at - self.started_at, self.done - self.done_before
        return done / time.total_seconds() if done > 0 and time >= LEAST_MEASURED else None

    @property
    def time_left(self) -> timedelta | None:
        if not self.rate or self.total is None:
            return None
        return timedelta(seconds=round((self.total - self.done) / self.rate))
