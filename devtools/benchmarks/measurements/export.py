"""The CSV export beside `psql \\copy`: G9."""

import contextlib
import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from devtools.benchmarks.generator.size import LAST_DAY
from devtools.benchmarks.goals import Measured, NotMeasurable, at_least, at_most
from devtools.benchmarks.processes import workers_of
from devtools.benchmarks.site import EXPORT, Site, address, days_that_hold
from devtools.benchmarks.visitors import PATIENCE_SECONDS, Visitor
from devtools.setup.server import HOST

MANY = 1_000_000
READ_BYTES = 1024 * 1024
WARM_UPS = 8  # until each worker, more likely than not, holds what a first file makes it hold

LARGEST = "select id, time_zone from clients_client order by id limit 1"
COPY = (
    "\\copy (select * from transactions_transaction"
    " where client_id = {client} and logged_at >= '{first}' and logged_at < '{last}'::date + 1"
    " order by logged_at desc, id desc) to '/dev/null' csv"
)


@dataclass(frozen=True)
class Exported:
    rows: int
    seconds: float
    peak: float = 0  # MB, of the worker that served
    grown: float = 0  # MB, up to that peak

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def export(site: Site) -> Iterator[Measured]:
    days = days_that_hold(MANY, site)
    for _ in range(WARM_UPS):
        measure_export(site, days=1)
    few = measure_export(site, days // 10)
    turns = [(measure_export(site, days), copied_by_psql(site, days)) for _ in range(site.rounds)]
    many, copied = zip(*turns, strict=True)
    [rows] = {each.rows for each in (*many, *copied)}  # the same ones
    ours, psql = (median(each.rows_per_second for each in taken) for taken in (many, copied))
    figure = f"{ours:,.0f} rows/s, psql {psql:,.0f}"
    yield Measured(f"export of {rows:,} rows", figure, ours / psql, at_least(0.7))
    most = max(many, key=lambda each: each.grown)
    figure = f"{most.peak:.0f} MB, grown by {most.grown:.1f}, at {few.rows:,} {few.grown:.1f}"
    yield Measured("  its peak memory", figure, most.grown - few.grown, at_most(16, " MB more"))


def measure_export(site: Site, days: int) -> Exported:
    visitor, workers = site.visitor, workers_of(site.server.pid)
    for worker in workers:
        worker.forget_peak()
    before = {worker: (worker.cpu_seconds, worker.peak) for worker in workers}
    started = time.perf_counter()
    chunks = chunks_of(visitor, address(EXPORT, days=days))
    rows = sum(chunk.count(b"\n") for chunk in chunks) - 1
    seconds = time.perf_counter() - started
    served = max(workers, key=lambda worker: worker.cpu_seconds - before[worker][0])
    return Exported(rows, seconds, served.peak, served.peak - before[served][1])


def chunks_of(visitor: Visitor, path: str) -> Iterator[bytes]:
    """Raise NotMeasurable when the answer is no file."""
    connection = http.client.HTTPConnection(HOST, visitor.port, timeout=PATIENCE_SECONDS)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Cookie": visitor.cookies})
        answer = connection.getresponse()
        if answer.status != 200:
            raise NotMeasurable(f"{path} answers {answer.status}")
        while chunk := answer.read(READ_BYTES):
            yield chunk


def copied_by_psql(site: Site, days: int) -> Exported:
    with site.database.connect() as connection:
        [(client, zone)] = connection.execute(LARGEST).fetchall()
    copy = COPY.format(client=client, first=LAST_DAY - timedelta(days), last=LAST_DAY)
    settings = {"app.client_id": client, "TimeZone": zone}
    started = time.perf_counter()
    told = site.database.psql(copy, user="paykassma_web", settings=settings)
    return Exported(int(told.removeprefix("COPY ")), time.perf_counter() - started)
