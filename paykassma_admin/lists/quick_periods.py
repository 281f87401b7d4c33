from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paykassma_admin.periods import WEEK

LABELS: dict[str, str | Promise] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "7d": _("7 days"),
    "8d": _("8 days"),  # as a page opens without days
    "30d": _("30 days"),
    "month": _("This month"),
    "last-month": _("Last month"),
}


@dataclass(frozen=True)
class QuickPeriod:
    """Days, both included."""

    name: str  # in an address, where it means other days tomorrow
    first: date
    last: date

    @property
    def label(self) -> str | Promise:
        return LABELS[self.name]


type Quick = tuple[QuickPeriod, str, bool]  # with its address, and whether it is shown


def quick_periods(today: date) -> tuple[QuickPeriod, ...]:
    yesterday = today - timedelta(days=1)
    this_month = today.replace(day=1)
    end_of_last_month = this_month - timedelta(days=1)
    return (
        QuickPeriod("today", today, today),
        QuickPeriod("yesterday", yesterday, yesterday),
        QuickPeriod("7d", today - timedelta(days=6), today),
        QuickPeriod("8d", today - WEEK, today),
        QuickPeriod("30d", today - timedelta(days=29), today),
        QuickPeriod("month", this_month, today),
        QuickPeriod("last-month", end_of_last_month.replace(day=1), end_of_last_month),
    )


def find_quick_period(name: str, today: date) -> QuickPeriod | None:
    return next((quick for quick in quick_periods(today) if quick.name == name), None)
