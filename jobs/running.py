"""Running of one job: claimed as worker, worked as web, a transaction a step; docs/adr/0046."""

import logging
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager

from django.db import DEFAULT_DB_ALIAS, Error, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from jobs.actions import end_job
from jobs.heartbeat import heartbeat
from jobs.kinds import JobError, JobKind, Progress, find_kind
from jobs.models import Job, State
from paykassma_admin.database.outages import is_outage
from paykassma_admin.database.tenancy import WORKER, set_tenant

logger = logging.getLogger(__name__)

NO_KIND = gettext_noop("This kind of work is no longer offered.")
OUR_FAULT = gettext_noop("It stopped at an error of the product. Tell support the job’s number.")
LOCK = "select pg_advisory_xact_lock(hashtext('jobs_job'), hashint8(%s))"


class LostJob(Exception):
    """Another attempt has the job: this one writes nothing any more."""


class CancelAsked(Exception):
    pass


def run_job(job_id: int, *, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Run a job that waits; do nothing if it does not, since it may be queued more than once."""
    job = claim_job(job_id)
    if job is None:
        return
    try:
        with heartbeat(job):
            run_steps(job, is_stopping)
    except LostJob:
        logger.warning("job %s goes on elsewhere", job.pk)
    except CancelAsked:
        finish(job, State.CANCELLED)
    except JobError as error:
        finish(job, State.FAILED, error.reason, error.values)
    except Error as error:
        if not is_outage(error):
            fail(job, error)  # else: it has no heartbeat, and is queued again
    except Exception as error:
        fail(job, error)


def claim_job(job_id: int) -> Job | None:
    """Begin an attempt, as worker: whose job it is, is not known before."""
    jobs = Job.unscoped.using(WORKER).filter(pk=job_id)
    is_ours = jobs.filter(state=State.QUEUED).update(
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        started_at=Now(),
        heartbeat_at=Now(),
        done_before=F("done"),
    )
    return jobs.select_related("client").get() if is_ours else None


def run_steps(job: Job, is_stopping: Callable[[], bool]) -> None:
    kind = find_kind(job.kind)
    if kind is None:
        raise JobError(NO_KIND)
    with closing(steps_of(kind, job)) as steps:
        while run_step(job, steps):
            if is_stopping():
                requeue(job)
                return


def steps_of(kind: JobKind, job: Job) -> Generator[Progress]:
    yield from kind.work(job)


def run_step(job: Job, steps: Iterator[Progress]) -> bool:
    """Run one step and keep its progress with it, or end the job. Return whether it goes on."""
    with step_transaction(job):
        progress = next(steps, None)
        if progress is not None:
            write_progress(job, progress)
        elif not end_job(job, State.DONE):
            raise LostJob
    return progress is not None


@contextmanager
def step_transaction(job: Job) -> Iterator[None]:
    """Open a transaction that sees the job's Client, or nothing, while nobody else is at the job.

    Not by a lock of its row, for which who cancels it would wait.
    """
    with transaction.atomic():
        set_tenant(job.client_id, user_id=job.made_by_id, actor=job.actor)
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [job.pk])
        own = Job.unscoped.using(job.alias).of_attempt(job).values_list("cancel_asked_at").first()
        if own is None:
            raise LostJob
        if own[0] is not None:
            raise CancelAsked
        yield


def write_progress(job: Job, progress: Progress) -> None:
    """Write in the transaction of the step: of two attempts only one can commit it."""
    job.done, job.total, job.position = progress.done, progress.total, dict(progress.position)
    is_ours = (
        Job.unscoped.using(job.alias)
        .of_attempt(job)
        .update(
            done=job.done,
            total=job.total,
            position=job.position,
            heartbeat_at=Now(),
            interruptions=0,
        )
    )
    if not is_ours:
        raise LostJob


def requeue(job: Job) -> None:
    """Give the job back before this process ends."""
    Job.unscoped.using(WORKER).of_attempt(job).update(state=State.QUEUED, heartbeat_at=None)


def finish(
    job: Job, state: State, reason: str = "", values: Mapping[str, str | int] | None = None
) -> None:
    """End a job whose step was rolled back."""
    with transaction.atomic(using=DEFAULT_DB_ALIAS):
        set_tenant(job.client_id, user_id=job.made_by_id, actor=job.actor)
        end_job(job, state, reason, values)


def fail(job: Job, error: Exception) -> None:
    """Log where it failed and not what was said: an error of PostgreSQL quotes rows."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("job %s (%s) failed: %s\n%s", job.pk, job.kind, type(error).__name__, where)
    finish(job, State.FAILED, OUR_FAULT)
