from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from clients.models import Client
from paykassma_admin.periods import Period
from tests.support.factories import (
    make_payment_system,
    make_rate,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from transactions.selection import Selection
from transactions.totals.result import Total

pytestmark = pytest.mark.django_db

D = Decimal
KOLKATA = ZoneInfo("Asia/Kolkata")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
NOON = {
    MONDAY: datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
    TUESDAY: datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
}


@pytest.fixture
def totals(alice):
    def of(currency="USD"):
        period = Period(None, None, KOLKATA)
        with seeing(alice):
            return Selection(client=alice.client, period=period, currency=currency).totals()

    return of


def test_total_of_nothing_is_zero(totals):
    assert totals().total() == Total(D(0), "USD", 0)
    assert totals().amounts_by_day == totals().counts_by_day == {}
    assert totals().by_currency_and_direction() == []


def test_usd_sum_adds_the_stored_amounts(totals, alice):
    make_transaction(alice, amount=1, usd_rate="0.00005")  # 0.0001
    make_transaction(alice, amount=1, usd_rate="0.00005")

    assert totals().total() == Total(D("0.0002"), "USD", 2)


def test_transaction_belongs_to_its_day_in_the_zone(totals, alice):
    make_transaction(alice, logged_at=datetime(2026, 11, 23, 18, 29, tzinfo=UTC))
    make_transaction(alice, logged_at=datetime(2026, 11, 23, 18, 30, tzinfo=UTC))

    assert totals().counts_by_day == {MONDAY: 1, TUESDAY: 1}


def test_days_follow_a_change_of_zone(totals, alice):
    make_transaction(alice, logged_at=datetime(2026, 11, 23, 18, 29, tzinfo=UTC))
    make_transaction(alice, logged_at=datetime(2026, 11, 23, 18, 30, tzinfo=UTC))

    with worker():
        Client.objects.filter(pk=alice.client.pk).update(time_zone="UTC")

    assert totals().counts_by_day == {MONDAY: 2}


def test_day_of_several_countries_is_one_day(alice):
    for country, amount in (("IN", 1000), ("BD", 2000), ("PK", 4000)):
        make_transaction(alice, country=country, amount=amount, logged_at=NOON[MONDAY])
    period = Period(MONDAY, TUESDAY, KOLKATA)

    with seeing(alice):
        found = Selection(client=alice.client, period=period).pay_ins().totals()

    assert found.amounts_by_day == {MONDAY: D(84)}
    assert found.counts_by_day == {MONDAY: 3}


def test_unconverted_transactions_are_counted_not_zero(totals, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=500, usd_rate=None)

    assert totals().total() == Total(D(12), "USD", 2, unconverted=1)


def test_amount_in_the_currency_needs_no_rate(totals, alice):
    make_transaction(alice, amount="10.50", usd_rate=None)

    assert totals("INR").total() == Total(D("10.50"), "INR", 1)


def test_each_day_is_converted_at_its_own_rate(totals, alice):
    make_rate("BDT", "0.004", MONDAY)
    make_rate("BDT", "0.008", TUESDAY)
    for day in (MONDAY, TUESDAY):
        make_transaction(alice, amount=1000, usd_rate="0.01", logged_at=NOON[day])

    found = totals("BDT")

    assert found.amounts_by_day == {MONDAY: D(2500), TUESDAY: D(1250)}
    assert found.total() == Total(D(3750), "BDT", 2)


def test_sums_are_added_before_rounding(totals, alice):
    for day in (MONDAY, TUESDAY):
        make_rate("BDT", "0.003", day)
        make_transaction(alice, amount=1000, usd_rate="0.01", logged_at=NOON[day])

    assert str(totals("BDT").total().amount).startswith(f"6666.{'6' * 50}")


def test_day_without_rate_has_only_its_own_currency(totals, alice):
    make_rate("BDT", "0.004", TUESDAY)
    make_transaction(alice, amount=1000, usd_rate="0.01", logged_at=NOON[MONDAY])
    make_transaction(alice, amount=7, currency="BDT", usd_rate=None, logged_at=NOON[MONDAY])
    make_transaction(alice, amount=1000, usd_rate="0.01", logged_at=NOON[TUESDAY])

    assert totals("BDT").amounts_by_day == {MONDAY: D(7), TUESDAY: D(2500)}
    assert totals("BDT").total() == Total(D(2507), "BDT", 3, unconverted=1)


def test_pay_ins_and_payouts_are_never_netted(totals, alice):
    make_transaction(alice, amount=1000)
    make_transaction(alice, amount=300, type="withdrawal")
    make_transaction(alice, amount=5, currency="USD", usd_rate="1")

    assert totals().by_currency_and_direction() == [
        Total(D(1000), "INR", 1, direction="incoming"),
        Total(D(300), "INR", 1, direction="outgoing"),
        Total(D(5), "USD", 1, direction="incoming"),
    ]
    assert totals().by_direction() == [
        Total(D(17), "USD", 2, direction="incoming"),
        Total(D("3.6"), "USD", 1, direction="outgoing"),
    ]


def test_payment_systems_add_up_to_the_whole(totals, alice):
    make_payment_system("bkash")
    make_transaction(alice, amount=1000)
    make_transaction(alice, wallet=make_wallet(alice.client, "b", payment_system="bkash"), amount=1)

    upi, bkash = (totals().select_payment_systems(code).total() for code in ("upi_l", "bkash"))

    assert (upi.amount, bkash.amount) == (D(12), D("0.012"))
    assert totals().total().amount == upi.amount + bkash.amount
    assert totals().select_payment_systems("upi_l", "bkash").total() == totals().total()


def test_arrival_currency_is_not_converted(totals, alice):
    make_transaction(alice, amount="10.05", usd_rate=None)
    make_transaction(alice, amount="3", currency="BDT")

    arrived = totals().select_arrival_currency("INR")

    assert arrived.total() == Total(D("10.05"), "INR", 1)
    assert totals().currencies == ["BDT", "INR"]


@pytest.mark.parametrize("currency", ["USD", "INR"])
def test_totals_cut_to_a_day_are_those_of_the_day(totals, alice, currency):
    make_rate("INR", "0.01", MONDAY)
    make_transaction(alice, amount=7, usd_rate="0.01", logged_at=NOON[MONDAY])
    make_transaction(alice, amount=9, currency="BDT", logged_at=NOON[MONDAY])
    make_transaction(alice, amount=5, usd_rate="0.02", logged_at=NOON[TUESDAY])
    day = Selection(client=alice.client, period=Period(MONDAY, MONDAY, KOLKATA), currency=currency)
    with seeing(alice):
        of_day = day.totals()

    cut = totals(currency).select_days(MONDAY, MONDAY)

    assert cut.total() == of_day.total()
    assert cut.counts_by_day == of_day.counts_by_day
    assert cut.amounts_by_day == of_day.amounts_by_day
    assert cut.unconverted_by_day == of_day.unconverted_by_day


def test_large_sum_keeps_its_last_digit(totals, alice):
    for amount in ("9999999999999999.9999", "0.0001", "9999999999999999.9999"):
        make_transaction(alice, amount=amount, usd_rate=None)

    assert totals("INR").total().amount == D("19999999999999999.9999")


@pytest.mark.parametrize(("currency", "statements"), [("USD", 1), ("INR", 2)])
def test_totals_take_one_query_and_one_for_rates(
    alice, django_assert_num_queries, currency, statements
):
    make_transaction(alice, currency="BDT")
    period = Period(MONDAY, TUESDAY, KOLKATA)
    selection = Selection(client=alice.client, period=period, currency=currency)

    with seeing(alice), django_assert_num_queries(statements):
        found = selection.totals()
        found.total()
        found.by_currency_and_direction()
