"""The kind of jobs of this room."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.kinds import Progress, job_kind
from jobs.models import Job
from paykassma_admin.database.tenancy import WORKER
from wallets.upstream.models import KEPT, UpstreamRequest


@job_kind(
    "upstream_retention", _("Removal of old answers of payment systems"), schedule="37 * * * *"
)
def remove_old_answers(job: Job) -> Iterator[Progress]:
    old = UpstreamRequest.unscoped.using(WORKER).filter(asked_at__lt=timezone.now() - KEPT)
    yield Progress(old.delete()[0])
