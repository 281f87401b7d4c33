from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member may do in his Client; an administrator has no role, since he is no member."""

    OWNER = "owner", _("Owner")
    OPERATOR = "operator", _("Operator")
    AUDITOR = "auditor", _("Auditor")


MAY_REQUEST_BALANCES = frozenset({Role.OWNER, Role.OPERATOR})
MAY_READ_THE_AUDIT_LOG = frozenset({Role.OWNER, Role.AUDITOR})
MAY_GIVE_ACCESS = frozenset({Role.OWNER})  # to people, as members, and to programs, by keys
