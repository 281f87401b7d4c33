"""Periods that are asked for every day, each by one press."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class QuickPeriod:
    """Days, both included."""

    label: str | Promise
    first: date
    last: date


def quick_periods(today: date) -> tuple[QuickPeriod, ...]:
    yesterday = today - timedelta(days=1)
    this_month = today.replace(day=1)
    end_of_last_month = this_month - timedelta(days=1)
    return (
        QuickPeriod(_("Today"), today, today),
        QuickPeriod(_("Yesterday"), yesterday, yesterday),
        QuickPeriod(_("7 days"), today - timedelta(days=6), today),
        QuickPeriod(_("30 days"), today - timedelta(days=29), today),
        QuickPeriod(_("This month"), this_month, today),
        QuickPeriod(_("Last month"), end_of_last_month.replace(day=1), end_of_last_month),
    )
