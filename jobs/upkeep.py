"""Upkeep: jobs without a Client, which the clock starts."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from jobs.models import KEPT, OPEN, Job, State
from paykassma_admin.database.tenancy import WORKER


@transaction.atomic(using=WORKER)
def start_upkeep(kind: str) -> Job | None:
    """Make a job unless one of that kind is open. Of those that went well the last stays."""
    jobs = Job.unscoped.using(WORKER).filter(client=None, kind=kind)
    if jobs.filter(state__in=OPEN).exists():
        return None
    jobs.filter(state=State.DONE).delete()
    return jobs.create(kind=kind, actor=kind)


def remove_old_jobs() -> int:
    """Remove what ended longer ago than it is kept. Return how many."""
    old = Q(made_at__lt=Now() - KEPT) & ~Q(state__in=OPEN)
    count, _by_model = Job.unscoped.using(WORKER).filter(old).delete()
    return count
