"""Upkeep of totals and rates, which runs in the background."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from jobs.kinds import Progress, job_kind
from jobs.models import Job
from paykassma_admin.database.tenancy import WORKER
from transactions.imports.fill_rates import fill_batches
from transactions.totals.maintenance import compact_totals, vacuum_delta

EVERY_10_SECONDS = "* * * * * */10"
EVERY_HOUR = "7 * * * *"  # it reads every row, to find few


@job_kind("compact_totals", _("Compaction of totals"), schedule=EVERY_10_SECONDS)
def compact(job: Job) -> Iterator[Progress]:
    moved = compact_totals(using=WORKER)
    if not moved:  # nobody has written meanwhile, for whom it would wait
        vacuum_delta(using=WORKER)
    yield Progress(moved)


@job_kind("fill_rates", _("Filling of rates"), schedule=EVERY_HOUR)
def fill(job: Job) -> Iterator[Progress]:
    done = job.done
    for after, _due, filled in fill_batches(job.position.get("after", 0)):
        done += filled
        yield Progress(done, position={"after": after})
