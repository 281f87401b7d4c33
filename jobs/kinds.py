"""The kinds of jobs. Each room registers its own in its module `jobs`:

    @job_kind("export", _("Export"))
    def export(job: Job) -> Iterator[Progress]:
        for first in range(job.position.get("row", 0), count, BATCH):
            ...  # as web, in a transaction for the job's Client alone
            yield Progress(first + BATCH, count, {"row": first + BATCH})

What stands between two `yield` is one transaction, which keeps the progress as well: if the process
is killed, the function is called again and goes on at `job.position`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

type Work = Callable[[Any], Iterator["Progress"]]  # of a Job, whose model asks for its kind


@dataclass(frozen=True)
class Progress:
    """The count that is done, of a total if that is known, and where the next step goes on."""

    done: int
    total: int | None = None
    position: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JobKind:
    name: str
    title: str | Promise
    work: Work
    schedule: str = ""  # of upkeep: cron's five fields, and seconds as a sixth


class JobError(Exception):
    """The job cannot be done, for a reason that its maker is told: a lazy sentence."""

    def __init__(self, reason: str | Promise, **values: str | int) -> None:
        super().__init__(reason)
        with translation.override(None):
            self.reason = str(reason)
        self.values = values


_kinds: dict[str, JobKind] = {}


def job_kind(name: str, title: str | Promise, *, schedule: str = "") -> Callable[[Work], Work]:
    """Register a kind. With a schedule it is upkeep: without a Client, started by the clock."""

    def register(work: Work) -> Work:
        if name in _kinds:
            raise ValueError(f"Two kinds of jobs are called {name}.")
        _kinds[name] = JobKind(name, title, work, schedule)
        return work

    return register


def find_kind(name: str) -> JobKind | None:
    return _kinds.get(name)


def all_kinds() -> list[JobKind]:
    return [*_kinds.values()]
