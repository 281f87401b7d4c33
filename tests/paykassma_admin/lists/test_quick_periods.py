from datetime import date

import pytest

from paykassma_admin.lists.quick_periods import quick_periods

TUESDAY = date(2026, 11, 24)
EXPECTED = [
    (TUESDAY, TUESDAY),
    (date(2026, 11, 23), date(2026, 11, 23)),
    (date(2026, 11, 18), TUESDAY),
    (date(2026, 11, 17), TUESDAY),
    (date(2026, 10, 26), TUESDAY),
    (date(2026, 11, 1), TUESDAY),
    (date(2026, 10, 1), date(2026, 10, 31)),
]


@pytest.mark.parametrize(("nth", "days"), [*enumerate(EXPECTED)])
def test_a_quick_period_has_its_days_both_included(nth, days):
    quick = quick_periods(TUESDAY)[nth]

    assert (quick.first, quick.last) == days


def test_in_january_last_month_is_of_the_year_before():
    quick = quick_periods(date(2027, 1, 31))[-1]

    assert (quick.first, quick.last) == (date(2026, 12, 1), date(2026, 12, 31))


def test_in_march_of_a_leap_year_last_month_has_29_days():
    quick = quick_periods(date(2028, 3, 31))[-1]

    assert (quick.first, quick.last) == (date(2028, 2, 1), date(2028, 2, 29))
