"""Payment systems that were switched on or off during the period, as notes of the chart."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

from dashboard.filters import DashboardFilterSet
from paykassma_admin import formats
from paykassma_admin.charts.steps import Axis, Step
from paykassma_admin.periods import local_day
from wallets.models import PaymentSystemChange


def note_switches(axis: Axis, chosen: DashboardFilterSet) -> Axis:
    """Add the switches of the Client's own systems that are drawn, or part of the total."""
    period = chosen.period
    changes = PaymentSystemChange.objects.select_related("payment_system").filter(
        payment_system__code__in=drawn_codes(chosen), at__gte=period.start, at__lt=period.end
    )
    notes: defaultdict[date, list[str]] = defaultdict(list)
    for change in changes:
        local = change.at.astimezone(chosen.zone)
        day = local_day(change.at, chosen.zone)
        is_hour = axis.step is Step.HOUR
        slot = axis.slot_of(datetime.combine(day, time(local.hour)) if is_hour else day)
        when = formats.moment(change.at) if axis.is_coarse else formats.clock_time(local, "minutes")
        notes[slot].append(change.in_words(when))
    return axis.add_events(notes)


def drawn_codes(chosen: DashboardFilterSet) -> list[str]:
    if chosen.is_on("total"):
        return [system.code for system in chosen.payment_systems]
    return chosen.chosen_systems
