"""Jobs whose process was killed: a minute without a heartbeat, and they are queued again."""

from datetime import timedelta

from django.db import connections, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from jobs.actions import end_job
from jobs.models import Job, State
from paykassma_admin.database.tenancy import WORKER

SILENCE = timedelta(seconds=60)
MAX_INTERRUPTIONS = 5  # without a step in between: it may be what kills the process
TRY_LOCK = "select pg_try_advisory_xact_lock(hashtext('jobs_job'), hashint8(%s))"
INTERRUPTED = gettext_noop("It was interrupted %(times)s times and did not get on.")


def rescue_jobs() -> int:
    """Queue again what is silent. Return how many."""
    silent = Job.unscoped.using(WORKER).filter(
        state=State.RUNNING, heartbeat_at__lt=Now() - SILENCE
    )
    return sum(rescue_job(pk) for pk in silent.values_list("pk", flat=True))


@transaction.atomic(using=WORKER)
def rescue_job(job_id: int) -> bool:
    """Queue a job again unless its last statement still runs on the server."""
    with connections[WORKER].cursor() as cursor:
        cursor.execute(TRY_LOCK, [job_id])
        if cursor.fetchone() == (False,):
            return False
    silent = Job.unscoped.using(WORKER).filter(
        pk=job_id, state=State.RUNNING, heartbeat_at__lt=Now() - SILENCE
    )
    job = silent.select_related("client").select_for_update(of=("self",)).first()
    if job is None:
        return False
    if job.interruptions + 1 >= MAX_INTERRUPTIONS:
        end_job(job, State.FAILED, INTERRUPTED, {"times": MAX_INTERRUPTIONS}, using=WORKER)
    else:
        silent.update(state=State.QUEUED, heartbeat_at=None, interruptions=F("interruptions") + 1)
    return True
