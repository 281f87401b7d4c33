from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    NOT_ACTIVATED = "not_activated", _("Not activated")
    ACTIVATED = "activated", _("Activated")
    DECLINED = "declined", _("Declined")
    PENDING = "pending", _("Pending")
    PROCESSING = "processing", _("Processing")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
