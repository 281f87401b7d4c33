"""The queue, the clock and the worker process."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.models import F
from procrastinate.contrib.django import app
from procrastinate.psycopg_connector import PsycopgConnector

from accounts.models import Session
from jobs import queue
from jobs.kinds import Progress, all_kinds
from jobs.models import KEPT, Job, State
from jobs.running import run_job
from jobs.upkeep import remove_old_jobs, start_upkeep
from paykassma_admin.database.tenancy import WORKER
from tests.conftest import NOON
from tests.support.factories import make_job, make_rate, make_transaction, seeing, worker
from transactions.models import Transaction

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    with connections[WORKER].cursor() as cursor:
        cursor.execute("delete from procrastinate_periodic_defers; delete from procrastinate_jobs")


def queued():
    with connections[WORKER].cursor() as cursor:
        cursor.execute(
            "select task_name, lock, args::text, status::text from procrastinate_jobs"
            " where queue_name = 'jobs'"
        )
        return cursor.fetchall()


def test_queue_holds_the_id_alone(alice):
    job = make_job(alice, arguments={"counterparty": "Asha Rao"})

    assert queued() == [("jobs.run", f"{alice.client.pk} count", f'{{"job_id": {job.pk}}}', "todo")]


def test_job_that_is_rolled_back_is_not_queued(alice):
    with seeing(alice), suppress(ZeroDivisionError), transaction.atomic():
        Job.unscoped.create(client=alice.client, kind="count", actor="alice")
        raise ZeroDivisionError

    assert queued() == []
    assert not Job.unscoped.using(WORKER).exists()


@pytest.mark.parametrize("table", ["jobs", "events", "periodic_defers", "workers"])
def test_web_has_no_right_on_the_queue(alice, table):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with seeing(alice), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"select from procrastinate_{table}")


@pytest.mark.parametrize(
    "column", ["kind = 'export'", "client_id = 0", "made_by_id = null", "arguments = '{}'"]
)
def test_web_cannot_change_what_a_job_is(alice, column):
    make_job(alice)

    refused = pytest.raises(ProgrammingError, match="permission denied")
    with seeing(alice), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update jobs_job set {column}")


def test_web_makes_no_job_of_another_client(alice, charlie):
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with seeing(alice), refused, transaction.atomic():
        Job.unscoped.create(client=charlie.client, kind="count", actor="alice")


def test_worker_process_takes_what_is_queued(alice, charlie, register):
    def count(job):
        yield Progress(1, 1)

    register(count)
    jobs = [make_job(alice), make_job(charlie)]

    asyncio.run(take_all())

    states = Job.unscoped.using(WORKER).values_list("state", flat=True)
    assert [*states] == [State.DONE] * len(jobs)
    assert queued() == []


async def take_all():
    with app.replace_connector(PsycopgConnector(**queue.connection_settings())):
        async with app.open_async():
            await queue.take(queue.JOBS, 2, wait=False)


def test_rescue_frees_the_lock_of_a_lost_worker(alice):
    make_job(alice)
    with connections[WORKER].cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")  # of no worker

    asyncio.run(rescue())

    assert queued() == []


async def rescue():
    with app.replace_connector(PsycopgConnector(**queue.connection_settings())):
        async with app.open_async():
            await queue.rescue(0)
            await sync_to_async(connections.close_all)()


def test_upkeep_runs_once_at_a_time():
    assert start_upkeep("count") is not None

    assert start_upkeep("count") is None
    with pytest.raises(IntegrityError), transaction.atomic(using=WORKER):
        Job.unscoped.using(WORKER).create(kind="count", actor="count")


def test_last_upkeep_that_went_well_stays():
    for state in (State.DONE, State.FAILED, State.DONE):
        job = start_upkeep("count")
        Job.unscoped.using(WORKER).filter(pk=job.pk).update(state=state, ended_at=F("made_at"))

    start_upkeep("count")

    states = Job.unscoped.using(WORKER).values_list("state", flat=True)
    assert sorted(states) == [State.FAILED, State.QUEUED]


def test_jobs_are_kept_thirty_days(alice):
    day = timedelta(days=1)
    with worker():
        for age, state in [(KEPT - day, "done"), (KEPT + day, "done"), (KEPT + day, "queued")]:
            ended_at = F("made_at") if state == "done" else None
            job = make_job(alice, kind=f"{state} {age.days}")
            Job.unscoped.filter(pk=job.pk).update(
                made_at=F("made_at") - age, state=state, ended_at=ended_at
            )

    assert remove_old_jobs() == 1
    kinds = Job.unscoped.using(WORKER).values_list("kind", flat=True)
    assert sorted(kinds) == ["done 29", "queued 31"]


def test_clock_starts_each_upkeep():
    scheduled = {kind.name for kind in all_kinds() if kind.schedule}

    removals = {"retention", "remove_uploads", "upstream_retention"}
    assert scheduled == {"compact_totals", "fill_rates"} | removals
    periodic = {name for task, name in app.periodic_registry.periodic_tasks if name}
    assert periodic == scheduled


def test_retention_removes_what_is_kept_no_longer(alice):
    expired = Session.objects.create(
        session_key="s" * 32, session_data="", expire_date=NOON - KEPT, seen_at=NOON - KEPT
    )
    with worker():
        old = make_job(alice, state=State.DONE, ended_at=NOON)
        Job.unscoped.filter(pk=old.pk).update(made_at=F("made_at") - KEPT)

    run_job(start_upkeep("retention").pk)

    assert not Session.objects.filter(pk=expired.pk).exists()
    states = Job.unscoped.using(WORKER).values_list("kind", "state", "done")
    assert [*states] == [("retention", State.DONE, 1)]


def test_compaction_moves_the_delta(alice):
    make_transaction(alice)

    run_job(start_upkeep("compact_totals").pk)

    with connections[WORKER].cursor() as cursor:
        cursor.execute("select count(*) from transactions_delta")
        assert cursor.fetchone() == (0,)


def test_rates_are_filled_of_all_clients(alice, charlie):
    for owner in (alice, charlie):
        make_transaction(owner, usd_rate=None)
    make_rate("INR", "0.012")

    run_job(start_upkeep("fill_rates").pk)

    filled = Transaction.unscoped.using(WORKER).values_list("usd_rate", flat=True)
    assert [*filled] == [Decimal("0.012")] * 2
