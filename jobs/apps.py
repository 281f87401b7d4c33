from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Register the kinds of all rooms: each has them in its module `jobs`."""
        autodiscover_modules("jobs")
        from jobs import queue

        queue.register_periodic()
