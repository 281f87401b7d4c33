"""The trial of a file and its import, in the background; docs/adr/0049."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from audit.kinds import Kind, Result
from audit.record import record_event
from imports.models import ImportFile
from imports.refusals import Refusals
from imports.removal import remove_old_files
from imports.spellings import Spelling
from imports.sums import SumsOfTrial
from jobs.actions import maker
from jobs.kinds import JobError, Progress, job_kind
from jobs.models import Job
from paykassma_admin.encrypted_files import DamagedFile
from paykassma_admin.imports.batches import BadFile, RowOutcome
from paykassma_admin.imports.files import read

TRIAL, RUN = "import_trial", "import"
EVERY_HOUR = "23 * * * *"
GONE = gettext_noop("The file is no longer on the disk, or was changed there. Send it again.")


@job_kind(TRIAL, _("Trial of an import"))
def try_file(job: Job) -> Iterator[Progress]:
    """Begin anew at each attempt: which rows repeat earlier ones, is known to the process alone."""
    yield from steps(job, Counter(), is_trial=True)


@job_kind(RUN, _("Import of a file"))
def import_file(job: Job) -> Iterator[Progress]:
    file = find_file(job)
    record = partial(record_event, by=maker(job), client=job.client, target=file.name)
    outcomes = Counter(job.position.get("outcomes", {}))
    if not outcomes:
        record(Kind.IMPORT_STARTED, details={"sha256": file.sha256})
    yield from steps(job, outcomes, is_trial=False)
    is_whole = not outcomes[RowOutcome.REFUSED]
    record(
        Kind.IMPORT_ENDED,
        result=Result.OK if is_whole else Result.FAILED,
        details={**outcomes, "sha256": file.sha256},
    )


def find_file(job: Job) -> ImportFile:
    files = ImportFile.objects.for_client(job.client).select_related("client")  # type: ignore[arg-type]  # an import's job has one
    return files.get(pk=job.arguments["file"])


def steps(job: Job, outcomes: Counter[str], *, is_trial: bool) -> Iterator[Progress]:
    """Store batch by batch, each in the transaction of its step, after the rows that are done."""
    file = find_file(job)
    try:
        with file.open() as stream, translation.override(job.arguments["language"]):
            names = file.reading.columns.names
            records = Spelling(names, **job.arguments.get("spelling", {})).rewrite(
                read(stream, file.reading.columns, job.arguments["columns"])
            )
            records = islice(records, outcomes.total(), None)
            refusals = Refusals(file, job, records, is_first=not outcomes)
            sums = SumsOfTrial(file.reading.sums(file.client)) if is_trial else None
            for report in file.reading.reports(refusals, file, is_trial):
                outcomes.update(report.outcomes)
                refusals.keep(report)
                changes = {"sums": sums.add(report.effect)} if sums else {}
                yield progress(job, outcomes, **changes)
    except BadFile as error:
        raise JobError("%(sentence)s", sentence=str(error)) from error
    except (DamagedFile, FileNotFoundError) as error:
        raise JobError(GONE) from error


def progress(job: Job, outcomes: Counter[str], **more: Any) -> Progress:
    done = outcomes.total()
    rows: Any = job.arguments.get("rows")
    return Progress(done, max(done, rows) if rows else None, {"outcomes": dict(outcomes), **more})


@job_kind("remove_uploads", _("Removal of old files"), schedule=EVERY_HOUR)
def remove_uploads(job: Job) -> Iterator[Progress]:
    yield Progress(remove_old_files())
