from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.bounded import NewestFirst
from backoffice.site import back_office
from jobs.models import Job


@admin.register(Job, site=back_office)
class JobAdmin(NewestFirst[Job]):
    """Jobs of all Clients, and upkeep, which no other page shows."""

    list_display = ["title_text", "client", "state", "actor", "made_at", "ended_at", "reason_text"]
    fields = [
        "title_text",
        "client",
        "state",
        "actor",
        "made_at",
        "ended_at",
        "done",
        "total",
        "reason_text",
    ]
    list_filter = ["client", "state"]
    list_select_related = ["client"]

    @admin.display(description=_("Job"))
    def title_text(self, job: Job) -> str:
        return str(job)

    @admin.display(description=pgettext_lazy("a job", "reason"))
    def reason_text(self, job: Job) -> str:
        return job.reason_in_words
