"""`changed:>=2026-12-01T12:04`: rows that were recorded or have changed since then."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from paykassma_admin.lists.fields import MomentField
from paykassma_admin.lists.query.days import Bounds, DayField, lookups
from paykassma_admin.lists.query.fields import Parameters
from paykassma_admin.lists.query.grammar import Term
from transactions.models import Change

NAME = "changed"


@dataclass(frozen=True, kw_only=True)
class ChangeField(DayField):
    """When a row was recorded, or changed by an import, a rate or a person, once or more."""

    is_of_days: ClassVar[bool] = False  # of the list
    clock_field = MomentField

    def envelope(self, term: Term) -> Parameters:
        return {}

    def within(self, bounds: Bounds) -> Q:
        own = {"client": OuterRef("client"), "transaction": OuterRef("pk")}
        changes = Change.unscoped.filter(**own, **lookups("at", bounds))
        return super().within(bounds) | Q(Exists(changes))


def term_since(at: datetime, zone: ZoneInfo) -> str:
    """Return the term of rows that were recorded or have changed since then."""
    return f"{NAME}:>={at.astimezone(zone).replace(tzinfo=None).isoformat(timespec='milliseconds')}"
