"""The kind of jobs of this room."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.api.idempotency import remove_old_requests
from accounts.sessions import SessionStore
from jobs.kinds import Progress, job_kind
from jobs.models import Job
from jobs.upkeep import remove_old_jobs
from paykassma_admin.database.tenancy import WORKER


@job_kind("retention", _("Removal of what is kept no longer"), schedule="17 * * * *")
def remove_old(job: Job) -> Iterator[Progress]:
    SessionStore.clear_expired()
    yield Progress(remove_old_jobs() + remove_old_requests(using=WORKER))
