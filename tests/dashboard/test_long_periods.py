import pytest
from django.test import RequestFactory

from dashboard.long_periods import is_long

YEAR = "/?date_from=2025-11-24&date_to=2026-11-24"


@pytest.mark.parametrize(
    ("address", "long"),
    [
        (YEAR, True),
        (YEAR.replace("/", "/chart.json", 1), True),
        ("/?date_from=2025-11-24", True),  # up to today
        ("/?date_to=2099-12-31", True),  # from last week on
        (f"{YEAR}%20", True),
        ("/?date_from=2026-11-17&date_to=2026-11-24", False),
        ("/", False),
        ("/?date_from=&date_to=2026-11-24", False),
        ("/?date_from=yesterday&date_to=2026-11-24", False),
    ],
)
def test_a_dashboard_of_months_is_costly(address, long):
    assert is_long(RequestFactory().get(address)) is long
