from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.support.factories import make_rate
from wallets.rates import Rate, rate_at, usd_rates

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 24)


def days_before(count):
    return DAY - timedelta(days=count)


def test_the_rate_of_the_day_counts():
    make_rate("INR", "0.0119", DAY, source="bank")
    make_rate("INR", "0.0110", days_before(1))

    assert rate_at("INR", DAY) == Rate(Decimal("0.0119"), "bank", DAY)


@pytest.mark.parametrize(("age", "is_known"), [(0, True), (1, True), (7, True), (8, False)])
def test_rate_serves_for_seven_more_days(age, is_known):
    make_rate("INR", "0.0119", days_before(age))

    assert (rate_at("INR", DAY) is not None) is is_known


def test_later_rate_does_not_count():
    make_rate("INR", "0.0119", DAY + timedelta(days=1))

    assert rate_at("INR", DAY) is None


def test_newest_record_of_a_day_counts():
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    make_rate("INR", "0.2", DAY, recorded_at=at)
    make_rate("INR", "0.3", DAY, recorded_at=at)
    make_rate("INR", "0.1", DAY, recorded_at=at - timedelta(hours=1))

    assert rate_at("INR", DAY).usd_rate == Decimal("0.3")


def test_newer_day_outranks_a_newer_record():
    make_rate("INR", "0.2", DAY, recorded_at=datetime(2026, 11, 24, tzinfo=UTC))
    make_rate("INR", "0.1", days_before(1), recorded_at=datetime(2026, 11, 25, tzinfo=UTC))

    assert rate_at("INR", DAY).usd_rate == Decimal("0.2")


def test_usd_rate_is_one():
    assert rate_at("USD", DAY) == Rate(Decimal(1), "USD", DAY)


def test_another_currencys_rate_does_not_count():
    make_rate("INR", "0.0119", DAY)

    assert rate_at("BDT", DAY) is None


def test_rates_of_many_days_are_found_at_once():
    make_rate("INR", "0.1", days_before(9))
    make_rate("INR", "0.2", DAY)
    asked = [days_before(10), days_before(9), days_before(2), days_before(1), DAY]

    assert usd_rates("INR", asked) == {
        days_before(9): Decimal("0.1"),
        days_before(2): Decimal("0.1"),
        DAY: Decimal("0.2"),
    }
    assert usd_rates("USD", asked) == dict.fromkeys(asked, Decimal(1))
