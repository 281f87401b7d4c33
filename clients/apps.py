from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    name = "clients"
    verbose_name = _("Clients")

    def ready(self) -> None:
        from paykassma_admin.database import requirements  # noqa: F401  # registers them

        post_migrate.connect(update_time_zones, sender=self)


def update_time_zones(*, using: str, **said: Any) -> None:
    """Update the time zones after `migrate`, not after `flush`, by which tests empty tables."""
    from clients.time_zones import has_time_zones, write_time_zones

    if "plan" in said and has_time_zones(using=using):
        write_time_zones(using=using)
