"""A job's steps, from its claim to its end, and what of them outlives a kill."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEvent
from jobs.kinds import JobError, Progress
from jobs.models import Job, State
from jobs.rescue import MAX_INTERRUPTIONS, SILENCE, rescue_jobs
from jobs.running import LOCK, run_job
from paykassma_admin.database.tenancy import WORKER
from tests.support.factories import make_job, make_transaction, seeing, worker
from transactions.models import Note, Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
STEPS = 3


@pytest.fixture
def written(register, transactional_db, alice):
    """Let a job write a note a step, and stop where a test says; return the texts of notes."""
    of = make_transaction(alice, "T1")
    faults = {}

    def write_notes(job):
        for step in range(job.position.get("step", 0), STEPS):
            Note.unscoped.create(
                client_id=job.client_id,
                transaction_id=of.pk,
                author=job.actor,
                text=f"step {step}",
                form_key=uuid4(),
            )
            if fault := faults.pop(step, None):
                fault(job)
            yield Progress(step + 1, STEPS, {"step": step + 1})

    register(write_notes)

    def texts():
        with seeing(alice):
            return sorted(Note.unscoped.values_list("text", flat=True))

    texts.faults = faults
    return texts


def read(job):
    return Job.unscoped.using(WORKER).get(pk=job.pk)


def change(job, **fields):
    Job.unscoped.using(WORKER).filter(pk=job.pk).update(**fields)


def fall_silent(job):
    change(job, heartbeat_at=F("heartbeat_at") - SILENCE * 2)


def be_killed(job):
    raise OperationalError("server closed the connection unexpectedly")


ALL = [f"step {step}" for step in range(STEPS)]


def test_job_runs_to_its_end(alice, written):
    job = make_job(alice)

    run_job(job.pk)

    done = read(job)
    assert written() == ALL
    assert (done.state, done.done, done.total, done.percent) == (State.DONE, 3, 3, 100)
    assert done.ended_at is not None
    with seeing(alice):
        [event] = AuditEvent.unscoped.filter(kind="job_ended")
    assert (event.actor, event.target, event.result) == ("alice", f"count {job.pk}", "ok")


def test_job_that_is_queued_twice_runs_once(alice, written):
    job = make_job(alice)

    run_job(job.pk)
    run_job(job.pk)

    assert written() == ALL
    assert read(job).attempt == 1


def test_job_sees_its_own_client_alone(alice, charlie, register):
    make_transaction(alice, "HERS")
    make_transaction(charlie, "HIS")
    seen = []

    def look(job):
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            seen.append(
                (cursor.fetchone()[0], *Transaction.unscoped.values_list("number", flat=True))
            )
        yield Progress(1)
        seen.append(tuple(Transaction.unscoped.values_list("number", flat=True)))

    register(look)

    run_job(make_job(alice).pk)

    assert seen == [("paykassma_web", "HERS"), ("HERS",)]


def test_job_without_client_sees_no_row(alice, charlie, register):
    make_transaction(alice, "HERS")
    make_transaction(charlie, "HIS")
    make_job(alice, "other")
    seen = []

    def look(job):
        seen.extend(Transaction.unscoped.values_list("number", flat=True))
        seen.extend(Job.unscoped.values_list("kind", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("select current_user, count(*) from clients_client")
            seen.append(cursor.fetchone())
        yield Progress(1)

    register(look)

    job = make_job(None)
    run_job(job.pk)

    assert seen == [("paykassma_web", 0)]
    assert read(job).state == State.DONE


def test_failed_step_leaves_the_steps_before(alice, written):
    def be_impossible(job):
        raise JobError(
            _("There are already %(most)d keys. Revoke one that is no longer needed."), most=5
        )

    written.faults[1] = be_impossible
    job = make_job(alice)

    run_job(job.pk)

    failed = read(job)
    assert written() == ["step 0"]
    assert (failed.state, failed.done) == (State.FAILED, 1)
    assert failed.reason_in_words.startswith("Ключей уже 5")
    with seeing(alice):
        assert AuditEvent.unscoped.get(kind="job_ended").result == "failed"


def test_log_quotes_no_row(alice, written, caplog):
    message = "Key (counterparty)=(Asha Rao) already exists."

    def quote(job):
        raise IntegrityError(message)

    written.faults[1] = quote
    job = make_job(alice)

    run_job(job.pk)

    assert read(job).state == State.FAILED
    assert "IntegrityError" in caplog.text
    assert "Asha" not in caplog.text + read(job).reason_in_words


def test_kind_that_is_gone_is_told(alice):
    job = make_job(alice, "gone")

    run_job(job.pk)

    assert (read(job).state, read(job).title) == (State.FAILED, "gone")
    assert read(job).reason_in_words == "Такая работа больше не предлагается."


@pytest.mark.parametrize("step", range(STEPS))
def test_killed_job_goes_on_where_it_stood(alice, written, step):
    written.faults[step] = be_killed
    job = make_job(alice)
    run_job(job.pk)
    assert read(job).state == State.RUNNING
    assert rescue_jobs() == 0  # it may still be there

    fall_silent(job)
    assert rescue_jobs() == 1
    run_job(job.pk)

    assert written() == ALL
    assert (read(job).state, read(job).attempt) == (State.DONE, 2)


def test_older_attempt_writes_nothing(alice, written):
    def lose(job):
        change(job, attempt=F("attempt") + 1)

    written.faults[1] = lose
    job = make_job(alice)

    run_job(job.pk)

    assert written() == ["step 0"]
    assert (read(job).state, read(job).done) == (State.RUNNING, 1)


def test_job_whose_statement_still_runs_is_left(alice, written):
    written.faults[1] = be_killed
    job = make_job(alice)
    run_job(job.pk)
    fall_silent(job)

    with seeing(alice), connection.cursor() as cursor:
        cursor.execute(LOCK, [job.pk])
        assert rescue_jobs() == 0

    assert rescue_jobs() == 1


def test_job_that_never_gets_on_is_given_up(alice, written):
    job = make_job(alice)
    for _attempt in range(MAX_INTERRUPTIONS):
        written.faults[0] = be_killed
        run_job(job.pk)
        fall_silent(job)
        rescue_jobs()

    assert read(job).state == State.FAILED
    assert read(job).reason_in_words == "Её прерывали 5 раз подряд, и она не продвинулась."
    assert written() == []


def test_interruptions_count_since_the_last_step(alice, written):
    job = make_job(alice, interruptions=MAX_INTERRUPTIONS - 1)

    run_job(job.pk)

    assert read(job).interruptions == 0


def test_cancelled_job_stops_after_its_step(alice, written):
    def ask(job):
        change(job, cancel_asked_at=F("made_at"))

    written.faults[1] = ask
    job = make_job(alice)

    run_job(job.pk)

    assert written() == ["step 0", "step 1"]
    assert read(job).state == State.CANCELLED


def test_process_that_ends_gives_its_job_back(alice, written):
    job = make_job(alice)

    run_job(job.pk, is_stopping=lambda: True)

    assert (read(job).state, read(job).done) == (State.QUEUED, 1)
    run_job(job.pk)
    assert written() == ALL


def test_cancel_waits_for_no_step(alice, written):
    """A step of minutes holds no lock that a page would wait for."""

    def cancel(job):
        with transaction.atomic(using=WORKER), connections[WORKER].cursor() as cursor:
            cursor.execute("set local lock_timeout = '1s'")
            change(job, cancel_asked_at=F("made_at"))

    written.faults[0] = cancel
    job = make_job(alice)

    run_job(job.pk)

    assert read(job).state == State.CANCELLED


def test_rate_and_time_left_are_of_this_attempt(alice):
    with worker():
        job = make_job(alice, state=State.RUNNING, done=300, total=500, done_before=100)
        Job.unscoped.filter(pk=job.pk).update(
            started_at=F("made_at"), heartbeat_at=F("made_at") + SILENCE
        )
    job = read(job)

    assert job.rate == pytest.approx(200 / 60)
    assert job.time_left == SILENCE
    assert job.percent == 60
