import os
import traceback
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib import import_module
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from pkgutil import walk_packages

from devtools.benchmarks.database import Database
from devtools.benchmarks.ground import benchmark_databases
from devtools.postgres import DATABASE, Cluster
from tests.hostile.tally import BATCH, Tally, log, summarize

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "paykassma_admin.settings",
    "SERVED_OVER_HTTPS": "on",
    "API_REQUESTS_A_MINUTE": "1000000000",
}
PRODUCT = (
    "paykassma_admin",
    "clients",
    "audit",
    "accounts",
    "workspace",
    "backoffice",
    "wallets",
    "transactions",
    "accumulations",
    "search",
    "dashboard",
)


def hostile(
    *, requests: int, seed: int, skip: int, processes: int, rows: int, keep: Path | None
) -> int:
    """Return the exit code: 1 if something was found."""
    with benchmark_databases(rows, keep) as (database, _smaller):
        numbers = get_context("spawn").Queue()
        for number in range(processes):
            numbers.put(copy_database(database, number))
        arguments = (numbers, database.cluster.folder, database.project.environment, seed)
        with ProcessPoolExecutor(
            processes, get_context("spawn"), initializer=prepare, initargs=arguments
        ) as pool:
            return report(pool, requests, seed, skip)


def report(pool: ProcessPoolExecutor, requests: int, seed: int, skip: int) -> int:
    whole, met = Tally(), set()
    batches = islice(count(skip // BATCH), -(-requests // BATCH))
    for number, tally in zip(count(skip // BATCH), pool.map(run, batches), strict=False):
        whole.add(tally)
        for finding in tally.findings:
            log(f"seed {seed}, batch {number}: {finding.what}: {finding.where}")
            if (finding.what, finding.where) not in met:
                log(f"    {finding.told}")
            met.add((finding.what, finding.where))
        log(f"batch {number}: {summarize(whole)}")
    log(f"By area: {dict(whole.kinds.most_common())}")
    return 1 if whole.findings else 0


def copy_database(database, number):
    name = f"{DATABASE}_hostile_{number}"
    with database.cluster.connect("postgres") as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(f"create database {name} template {DATABASE} owner paykassma_owner")
        connection.execute(f"alter database {name} set synchronous_commit = off")
    return name


attack = None  # of this process


def prepare(names, folder, environment, seed):
    global attack
    database = Database(Cluster(Path(folder)), names.get())
    os.environ.update(environment | database.environment | ENVIRONMENT)
    import django

    django.setup()
    import_product()
    from tests.hostile.attack import Attack

    try:
        attack = Attack(database, seed)
    except Exception:
        traceback.print_exc()  # by then what is logged goes nowhere
        raise


def import_product():
    """Import the whole product, since Hypothesis draws constants of loaded modules."""
    for package in PRODUCT:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)


def run(number):
    with suppress(KeyboardInterrupt):
        return attack.run(number)
