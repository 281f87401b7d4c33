import pytest

from tests.clients import test_time_zones as quick

pytestmark = pytest.mark.django_db

# Fixed offsets to PostgreSQL; rules that move from year to year; clocks that go back onto midnight.
ZONES = ["CET", "MET", "WET", "America/Vancouver", "Africa/Casablanca", "America/Havana"]
ZONES += ["Asia/Kolkata", "UTC"]


@pytest.mark.parametrize("name", ZONES)
def test_day_is_the_same(name):
    quick.test_a_day_is_the_same_in_python_and_in_the_database(name)


@pytest.mark.parametrize("name", ZONES)
def test_clock_is_the_same(name):
    quick.test_clocks_are_the_same_in_python_and_in_the_database(name)


@pytest.mark.parametrize("name", ZONES)
def test_day_begins_at_the_same_moment(name):
    quick.test_a_day_begins_at_the_same_moment_in_python_and_in_the_database(name)
