"""Which rows of a page are new, or have changed, since a total was seen."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from transactions.models import Change, Transaction

NEW, CHANGED = _("New since then"), _("Changed since then")


def moved_rows(client: Client, ids: Iterable[int], at: datetime) -> dict[int, str | Promise]:
    """Return the word for each that moved, by id."""
    on_page = list(ids)
    changes = Change.objects.for_client(client).filter(transaction__in=on_page, at__gte=at)
    rows = Transaction.objects.for_client(client).filter(pk__in=on_page, recorded_at__gte=at)
    moved: dict[int, str | Promise] = {}
    moved |= dict.fromkeys(changes.order_by().values_list("transaction_id", flat=True), CHANGED)
    moved |= dict.fromkeys(rows.values_list("pk", flat=True), NEW)
    return moved
