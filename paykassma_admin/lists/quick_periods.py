from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paykassma_admin.periods import WEEK


@dataclass(frozen=True)
class QuickPeriod:
    """Days, both included."""

    label: str | Promise
    first: date
    last: date


type Quick = tuple[QuickPeriod, str, bool]  # with its address, and whether it is shown


def quick_periods(today: date) -> tuple[QuickPeriod, ...]:
    yesterday = today - timedelta(days=1)
    this_month = today.replace(day=1)
    end_of_last_month = this_month - timedelta(days=1)
    return (
        QuickPeriod(_("Today"), today, today),
        QuickPeriod(_("Yesterday"), yesterday, yesterday),
        QuickPeriod(_("7 days"), today - timedelta(days=6), today),
        QuickPeriod(_("8 days"), today - WEEK, today),  # as a page opens without days
        QuickPeriod(_("30 days"), today - timedelta(days=29), today),
        QuickPeriod(_("This month"), this_month, today),
        QuickPeriod(_("Last month"), end_of_last_month.replace(day=1), end_of_last_month),
    )
