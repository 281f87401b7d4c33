"""The queue, which is procrastinate's: who takes what, and what starts by the clock.

A trigger on jobs_job queues the id of each job that waits (migrations/sql/queue.sql), so web needs
no right on the queue. Upkeep has a place of its own, for which no long import makes it wait.
"""

import asyncio
import signal
from typing import Any

from asgiref.sync import sync_to_async
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

from jobs.kinds import all_kinds
from jobs.rescue import SILENCE, rescue_jobs
from jobs.running import run_job
from jobs.upkeep import start_upkeep
from paykassma_admin.database.tenancy import WORKER

JOBS, UPKEEP = "jobs", "upkeep"
JOBS_AT_ONCE = 2  # of a process: another one takes as many more
EVERY_15_SECONDS = "* * * * * */15"


@app.task(name="jobs.run", queue=JOBS, pass_context=True)
def run(context: JobContext, job_id: int) -> None:
    run_job(job_id, is_stopping=context.should_abort)


@app.task(name="jobs.upkeep", queue=UPKEEP, pass_context=True)
def upkeep(context: JobContext, timestamp: int, kind: str) -> None:
    job = start_upkeep(kind)
    if job is not None:
        run_job(job.pk, is_stopping=context.should_abort)


@app.periodic(cron=EVERY_15_SECONDS, queueing_lock="rescue")
@app.task(name="jobs.rescue", queue=UPKEEP)
async def rescue(timestamp: int) -> None:
    silence = int(SILENCE.total_seconds())
    for lost in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        await app.job_manager.finish_job(lost, Status.FAILED, delete_job=True)
    await sync_to_async(rescue_jobs)()


def register_periodic() -> None:
    for kind in all_kinds():
        if kind.schedule:
            app.periodic(
                cron=kind.schedule,
                periodic_id=kind.name,
                task_kwargs={"kind": kind.name},
                queueing_lock=kind.name,
            )(upkeep)


async def work() -> bool:
    """Take jobs until SIGTERM or Ctrl-C, after which each ends its step.

    Return False if the work stopped by itself, as it does when the database went away.
    """
    stop = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    connector = PsycopgConnector(**connection_settings())
    with app.replace_connector(connector):
        async with app.open_async():
            workers = [
                asyncio.create_task(take(JOBS, JOBS_AT_ONCE)),
                asyncio.create_task(take(UPKEEP, 1)),
            ]
            return await work_until(stop, workers)


async def work_until(stop: asyncio.Event, workers: list[asyncio.Task[None]]) -> bool:
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *workers], return_when=asyncio.FIRST_COMPLETED)
    for task in (stopping, *workers):
        task.cancel()
    await asyncio.gather(stopping, *workers, return_exceptions=True)
    return stop.is_set()


async def take(queue: str, at_once: int, *, wait: bool = True) -> None:
    await app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=at_once,
        wait=wait,
        fetch_job_polling_interval=1,  # seconds; of one that waited for another nobody tells
        delete_jobs="always",
        install_signal_handlers=False,
        shutdown_graceful_timeout=0.1,  # then a job knows that it is to stop after its step
        stalled_worker_timeout=SILENCE.total_seconds(),
    )


def connection_settings() -> dict[str, Any]:
    """Wait three seconds for a connection: a process whose database is away is to end soon."""
    return {"kwargs": connector_params(WORKER), "min_size": 1, "max_size": 4, "timeout": 3}
