from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView
from django.views.generic.detail import SingleObjectMixin

from accounts.actors import actor_of
from accounts.http import ClientRequest
from accounts.roles import MAY_RUN_JOBS
from jobs.actions import cancel_job
from jobs.models import Job, JobQuerySet
from workspace.pages import ClientPageMixin

MAX_LISTED = 100


class JobsMixin(ClientPageMixin):
    """A page about jobs of the Client, which refreshes by itself while one of them is open."""

    roles = MAY_RUN_JOBS

    def get_queryset(self) -> JobQuerySet:
        return Job.objects.for_client(self.client).open_first()


class JobsView(JobsMixin, ListView[Job]):
    template_name = "jobs/jobs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(self.object_list[: MAX_LISTED + 1])
        return super().get_context_data(
            jobs=found[:MAX_LISTED],
            has_more=len(found) > MAX_LISTED,
            most=MAX_LISTED,
            is_open=any(job.is_open for job in found),
            **kwargs,
        )


class JobView(JobsMixin, DetailView[Job]):
    template_name = "jobs/job.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_own = self.object.made_by_id == self.request.user.pk
        return super().get_context_data(
            here=str(self.object), is_own=is_own, is_open=self.object.is_open, **kwargs
        )


class CancelJobView(JobsMixin, SingleObjectMixin[Job]):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        job = self.get_object()
        if job.made_by_id != request.user.pk:
            raise PermissionDenied(_("Only its maker can cancel a job."))
        if cancel_job(job, by=actor_of(cast(ClientRequest, request))):
            messages.success(request, _("%(job)s is being cancelled.") % {"job": job})
        else:
            messages.info(request, _("%(job)s has ended or was cancelled before.") % {"job": job})
        return redirect("jobs:detail", job.pk)
