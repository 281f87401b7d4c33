from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallets.statuses import Status


class Activity(TextChoices):
    """The two halves of all statuses, as the guide's filter names them."""

    ACTIVE = "active", _("Active")  # activated
    INACTIVE = "inactive", _("Inactive")  # every other status


FINAL = frozenset({Status.ACTIVATED, Status.DECLINED, Status.FAILED, Status.CANCELLED})
IN_PROGRESS = (Status.PENDING, Status.PROCESSING)

MOVES: dict[Status, frozenset[Status]] = {
    Status.NOT_ACTIVATED: frozenset(Status) - {Status.NOT_ACTIVATED},
    Status.PENDING: FINAL | {Status.PROCESSING},
    Status.PROCESSING: FINAL,
    **{status: frozenset() for status in FINAL},
}


def may_follow(later: Status, earlier: Status) -> bool:
    return later in MOVES[earlier]
