"""A job whose worker process or PostgreSQL is killed, stopped or ended in the middle."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from devtools.postgres import Cluster
from tests.support.database.clusters import new_folder, postmaster

ROOT = Path(__file__).parents[3]
STEPS = 200
# Each step makes a view of its own name; the same one twice would be refused, and end the job.
WORKER = """
import time, django; django.setup()
from django.core.management import call_command
from jobs.kinds import Progress, job_kind
from workspace.models import SavedView

@job_kind("count", "Count")
def count(job):
    steps = job.arguments["steps"]
    for step in range(job.position.get("step", 0), steps):
        SavedView.unscoped.create(
            client_id=job.client_id,
            user_id=job.made_by_id,
            list_name="audit",
            name=f"{job.pk} {step}",
        )
        time.sleep(0.01)
        yield Progress(step + 1, steps, {"step": step + 1})

call_command("run_jobs")
"""
MAKE = """
    insert into jobs_job (client_id, kind, state, made_by_id, actor, arguments, position, reason,
        reason_values)
    select client_id, 'count', 'queued', user_id, 'alice', jsonb_build_object('steps', %s::int),
        '{}', '', '{}' from accounts_membership returning id
"""
# As if the minute were over that a rescue waits.
AGE = """
    update jobs_job set heartbeat_at = heartbeat_at - interval '2 minutes';
    update procrastinate_workers set last_heartbeat = last_heartbeat - interval '2 minutes'
"""


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster(new_folder()).start()
    try:
        manage(cluster, "migrate", "--verbosity=0")
        client = ("--name=Alpha", "--slug=alpha", "--time-zone=Asia/Kolkata", "--owner=alice")
        manage(cluster, "create_client", *client)
        yield cluster
    finally:
        cluster.remove()


def environment(cluster):
    return os.environ | cluster.environment() | {"STATEMENT_TIMEOUT": "0"}


def manage(cluster, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment(cluster), check=True, capture_output=True)


@pytest.fixture
def start(cluster):
    """Start a worker process, as often as a test asks for it."""
    started = []

    def start_worker():
        settings = {"DJANGO_SETTINGS_MODULE": "paykassma_admin.settings"}
        command = [sys.executable, "-c", WORKER]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment(cluster) | settings))
        return started[-1]

    yield start_worker
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def job(cluster):
    with cluster.connect() as connection:
        [(pk,)] = connection.execute(MAKE, [STEPS])
    return pk


def fetch(cluster, query, *values):
    with cluster.connect() as connection:
        return connection.execute(query, values).fetchone()


def state_of(cluster, job):
    return fetch(cluster, "select state, done, attempt from jobs_job where id = %s", job)


def wait_until(happened, seconds=60):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_for_the_middle(cluster, job):
    wait_until(lambda: state_of(cluster, job)[1] > STEPS // 4)
    assert state_of(cluster, job)[0] == "running"


def assert_whole(cluster, job, *, attempts):
    """Wait for the end of the job; assert that each step was done once."""
    wait_until(lambda: state_of(cluster, job)[0] not in ("queued", "running"))
    assert state_of(cluster, job) == ("done", STEPS, attempts)
    views = "select count(*) from workspace_savedview where name like %s"
    assert fetch(cluster, views, f"{job} %") == (STEPS,)


def test_killed_worker_doubles_nothing(cluster, start, job):
    first = start()
    wait_for_the_middle(cluster, job)

    first.kill()
    first.wait()
    assert state_of(cluster, job)[0] == "running"
    with cluster.connect() as connection:
        connection.execute(AGE)
    start()

    assert_whole(cluster, job, attempts=2)


def test_killed_database_loses_nothing(cluster, start, job):
    first = start()
    wait_for_the_middle(cluster, job)

    with suppress(ProcessLookupError):
        os.kill(postmaster(cluster), signal.SIGKILL)
    assert first.wait(60) == 1  # its unit starts it again
    cluster.start()
    with cluster.connect() as connection:
        connection.execute(AGE)
    start()

    assert_whole(cluster, job, attempts=2)


def test_worker_that_is_ended_gives_its_job_back(cluster, start, job):
    first = start()
    wait_for_the_middle(cluster, job)

    first.send_signal(signal.SIGTERM)
    assert first.wait(20) == 0
    assert state_of(cluster, job)[0] == "queued"
    start()

    assert_whole(cluster, job, attempts=2)


def test_worker_that_wakes_up_writes_nothing(cluster, start, job):
    first = start()
    wait_for_the_middle(cluster, job)

    first.send_signal(signal.SIGSTOP)
    with cluster.connect() as connection:
        connection.execute(AGE)
    start()
    wait_until(lambda: state_of(cluster, job)[2] == 2)
    first.send_signal(signal.SIGCONT)

    assert_whole(cluster, job, attempts=2)
