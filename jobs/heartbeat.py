"""The sign of life of a job that runs, also during a step of many minutes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from django.db import Error, connections
from django.db.models.functions import Now

from jobs.models import Job
from paykassma_admin.database.tenancy import WORKER

INTERVAL = 10  # seconds


@contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    over = Event()
    thread = Thread(target=beat_until, args=(over, job), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def beat_until(over: Event, job: Job) -> None:
    while not over.wait(INTERVAL):
        with suppress(Error):  # it is away: the next one may reach it
            Job.unscoped.using(WORKER).of_attempt(job).update(heartbeat_at=Now())
        connections[WORKER].close()
