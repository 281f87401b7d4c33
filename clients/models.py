from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def time_zones() -> set[str]:
    """Return all zones but the two that depend on the machine."""
    return available_timezones() - {"Factory", "localtime"}


def validate_time_zone(name: str) -> None:
    if name not in time_zones():
        reason = _("“%(name)s” is not a time zone. Use a name such as “Asia/Kolkata”.")
        raise ValidationError(reason, params={"name": name})


class Client(models.Model):
    """A merchant that uses the aggregator: the tenant."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("short name"), max_length=50, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=50, validators=[validate_time_zone])
    is_active = models.BooleanField(_("is active"), default=True)
    second_factor_required = models.BooleanField(
        _("every member needs a second factor"), default=True
    )
    # Grows with each change of what the Client can choose from: paykassma_admin/lists/choices.py.
    choices_version = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        constraints = [
            models.CheckConstraint(name="client_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="client_has_a_slug", condition=~Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
