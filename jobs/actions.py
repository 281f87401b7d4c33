"""Making and cancelling of jobs, each in the transaction of its caller."""

from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Now

from accounts.actors import actor_of
from accounts.http import ClientRequest
from audit.kinds import ActorKind, Kind, Result
from audit.record import Actor, record_event
from jobs.kinds import find_kind
from jobs.models import Job, State


def make_job(request: ClientRequest, kind: str, arguments: Mapping[str, Any] | None = None) -> Job:
    """Make a job of the request's Client and user; rolled back with the request, it never was.

    A trigger queues it when the request commits. Arguments are for its own Client's eyes.
    """
    if find_kind(kind) is None:
        raise ValueError(f"No room has registered the kind of jobs {kind}.")
    job = Job.unscoped.create(
        client=request.client,
        kind=kind,
        made_by=request.user,
        actor=request.actor,
        arguments=dict(arguments or {}),
    )
    record_job(Kind.JOB_STARTED, job, by=actor_of(request))
    return job


def cancel_job(job: Job, *, by: Actor) -> bool:
    """Ask a job to stop after its step; one that waits ends at once. Return whether it was open."""
    jobs = Job.objects.for_client(job.client).filter(pk=job.pk, cancel_asked_at=None)  # type: ignore[arg-type]  # a page's job has one
    is_waiting = jobs.filter(state=State.QUEUED).update(
        state=State.CANCELLED, cancel_asked_at=Now(), ended_at=Now()
    )
    if not is_waiting and not jobs.filter(state=State.RUNNING).update(cancel_asked_at=Now()):
        return False
    record_job(Kind.JOB_CANCELLED, job, by=by)
    return True


def end_job(
    job: Job,
    state: State,
    reason: str = "",
    values: Mapping[str, Any] | None = None,
    *,
    using: str | None = None,
) -> bool:
    """End a job in the transaction of its last step. Return False if another attempt has it."""
    alias = using or job.alias
    ends = {"state": state, "ended_at": Now(), "reason": reason, "reason_values": values or {}}
    is_ours = Job.unscoped.using(alias).of_attempt(job).update(**ends)
    if is_ours and job.client_id:
        result = Result.FAILED if state == State.FAILED else Result.OK
        details = {"done": job.done}
        record_job(Kind.JOB_ENDED, job, by=maker(job), result=result, details=details, using=alias)
    return bool(is_ours)


def maker(job: Job) -> Actor:
    return Actor(job.actor, kind=ActorKind.USER if job.made_by_id else ActorKind.COMMAND)


def record_job(kind: Kind, job: Job, *, by: Actor, **event: Any) -> None:
    record_event(kind, by=by, client=job.client, target=f"{job.kind} {job.pk}", **event)
