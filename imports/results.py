"""Counts of rows of a trial or an import."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from imports.refusals import MAX_KEPT
from imports.sums import ChangedSum, changed_sums
from jobs.models import Job
from paykassma_admin.imports.batches import REPEATED, RowOutcome

TITLES = {
    RowOutcome.NEW: pgettext_lazy("rows of a file", "new"),
    RowOutcome.CHANGED: pgettext_lazy("rows of a file", "changed"),
    RowOutcome.UNCHANGED: pgettext_lazy("rows of a file", "unchanged"),
    RowOutcome.STALE: pgettext_lazy("rows of a file", "older than what is stored"),
    REPEATED: pgettext_lazy("rows of a file", "repeat an earlier row of the file"),
    RowOutcome.REFUSED: pgettext_lazy("rows of a file", "refused"),
}


@dataclass(frozen=True)
class Results:
    job: Job
    counts: tuple[tuple[str | Promise, int], ...]
    refused: int
    sums: list[ChangedSum]

    @property
    def is_cut(self) -> bool:
        """Return whether more rows were refused than are kept."""
        return self.refused > MAX_KEPT


def results_of(job: Job | None) -> Results | None:
    if job is None:
        return None
    outcomes = job.position.get("outcomes", {})
    shown = {
        name: title for name, title in TITLES.items() if name != REPEATED or outcomes.get(name)
    }
    counts = tuple((title, outcomes.get(name, 0)) for name, title in shown.items())
    sums = changed_sums(job.position.get("sums", []))
    return Results(job, counts, outcomes.get(RowOutcome.REFUSED, 0), sums)
