from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A member's role; an administrator has none."""

    OWNER = "owner", _("Owner")
    OPERATOR = "operator", _("Operator")
    AUDITOR = "auditor", _("Auditor")


MAY_REQUEST_BALANCES = frozenset({Role.OWNER, Role.OPERATOR})
MAY_WRITE_NOTES = frozenset({Role.OWNER, Role.OPERATOR})
MAY_RUN_JOBS = frozenset({Role.OWNER, Role.OPERATOR})
MAY_READ_THE_AUDIT_LOG = frozenset({Role.OWNER, Role.AUDITOR})
MAY_GIVE_ACCESS = frozenset({Role.OWNER})  # to people, as members, and to programs, by keys
