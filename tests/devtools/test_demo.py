import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest
import time_machine
from django.db import transaction
from django.db.models import F, Sum
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from accumulations.models import Accumulation
from clients.models import Client
from devtools.demo.demo import make_demo
from devtools.demo.simulation import market
from devtools.demo.simulation.payments import Payments
from devtools.demo.wallets import WALLETS
from paykassma_admin.values import money
from tests.conftest import NOON
from tests.support.factories import worker
from transactions.models import Change, Transaction, Type
from wallets.models import Balance, ExchangeRate, PaymentSystem, Wallet
from wallets.statuses import Status

ENOUGH = 3_000  # for one of each kind
INDIA = market.INDIA.zone


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Make the data once; they are rolled back after the last test."""
    quick = override_settings(PASSWORD_HASHERS=["tests.support.hashers.QuickPasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOON), quick, worker():
            assert make_demo(ENOUGH)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_data(demo, db):
    with worker():
        yield


def make_payments(count):
    wallets = {
        system: [Wallet(currency=system.country.currency, country=system.country.code)]
        for system in market.SYSTEMS
    }
    return Payments(wallets, slug="alpha", visitors=0.1, now=NOON).make(count)


@pytest.fixture(scope="module")
def payments():
    """Return one Client's payments up to noon UTC, an evening in India: as many as by default."""
    return make_payments(14_000)


@pytest.fixture
def by_day(payments):
    return Counter(
        payment.logged_at.astimezone(INDIA).date()
        for payment in payments
        if payment.system.country == market.INDIA and payment.type != Type.WITHDRAWAL
    )


def days_ago(days):
    return date(2026, 11, 24) - timedelta(days=days)


# Whole, and by the rules


def test_it_has_as_many_transactions_as_asked_for(demo_data):
    assert Transaction.unscoped.count() == ENOUGH


def test_nothing_is_in_the_future(demo_data):
    now = timezone.now()
    for moment in ("logged_at", "activated_at", "recorded_at", "forced_at"):
        assert not Transaction.unscoped.filter(**{f"{moment}__gt": now}).exists()
    assert not Change.unscoped.filter(at__gt=now).exists()
    assert not Accumulation.unscoped.filter(formed_at__gt=now).exists()
    assert not Balance.unscoped.filter(as_of__gt=now).exists()
    assert not ExchangeRate.objects.filter(recorded_at__gt=now).exists()


def test_it_has_every_type_status_and_payment_system(demo_data):
    assert set(Transaction.unscoped.values_list("type", flat=True)) == set(Type)
    assert set(Transaction.unscoped.values_list("status", flat=True)) == set(Status)
    systems = Transaction.unscoped.values_list("payment_system__code", flat=True)
    assert set(systems) == {system.code for system in market.SYSTEMS}


def test_rates_move_and_a_gap_leaves_some_transactions_without_one(demo_data):
    rates = ExchangeRate.objects.filter(currency="INR").values_list("usd_rate", flat=True)

    assert len(set(rates)) > 50
    assert 0 < Transaction.unscoped.filter(usd_rate=None).count() < ENOUGH / 10


def test_a_transaction_has_the_rate_of_its_day(demo_data):
    rated = Transaction.unscoped.exclude(usd_rate=None).select_related("client")[:50]
    for row in rated:
        day = row.logged_at.astimezone(row.client.zone).date()
        assert row.usd_rate_at.astimezone(row.client.zone).date() <= day
        rate = ExchangeRate.objects.get(
            currency=row.currency,
            day=row.usd_rate_at.astimezone(row.client.zone).date(),
        )
        assert row.usd_rate == rate.usd_rate


def test_statuses_have_a_history_told_at_its_time(demo_data):
    changes = Change.unscoped.filter(field="status")

    assert changes.filter(at__lt=NOON - timedelta(days=30)).exists()
    assert not changes.filter(at__lt=F("transaction__recorded_at")).exists()
    assert changes.filter(before="pending", after="processing").exists()
    activated = changes.filter(after="activated")
    assert not activated.exclude(at=F("transaction__activated_at")).exists()


def test_forced_transactions_say_who_when_and_why(demo_data):
    forced = Transaction.unscoped.filter(type=Type.FORCED)

    assert not forced.filter(forced_reason=None).exists()
    assert forced.values("forced_by").distinct().count() > 2
    assert forced.values("forced_reason").distinct().count() > 4


def test_accumulations_are_made_of_pay_ins_that_add_up(demo_data):
    stored = Accumulation.unscoped.annotate(total=Sum("entries__transaction__amount"))

    assert stored.exists()
    assert not stored.exclude(amount=F("total")).exists()
    assert not stored.exclude(entries__transaction__label=F("label")).exists()


def test_balances_show_each_case_of_the_balance_request(demo_data):
    reported = set(Balance.unscoped.values_list("payment_system__code", flat=True))

    assert {system.code for system in market.SYSTEMS} - reported == {"wavepay"}
    assert Balance.unscoped.filter(commission_percent=None).exists()
    assert Balance.unscoped.filter(commission_percent=Decimal("1.5")).exists()
    assert PaymentSystem.objects.filter(is_active=False).exists()


def test_both_clients_have_their_zone_several_wallets_and_their_owner(demo_data):
    assert dict(Client.objects.values_list("slug", "time_zone")) == {
        "alpha": "Asia/Kolkata",
        "beta": "Europe/Moscow",
    }
    for client in Client.objects.all():
        assert Wallet.objects.for_client(client).count() > 3


def test_each_login_has_its_published_password(demo_data):
    for name in ("alpha", "beta", "admin"):
        user = User.objects.get(username=name)
        assert user.check_password(f"{name}-demo-password")
        assert user.is_staff == (name == "admin")


def test_the_same_moment_gives_the_same_payments():
    def field_values(payment):
        return [getattr(payment, name) for name in payment.__slots__ if name != "wallet"]

    assert [*map(field_values, make_payments(200))] == [*map(field_values, make_payments(200))]


# Like life


def test_transactions_have_numbers_in_the_forms_of_their_systems(payments):
    forms = {
        "upi_l": r"6\d{11}",  # a UTR of 2026
        "phone_pe": r"6\d{11}",
        "paytm": r"6\d{11}",
        "bkash": r"D[A-L][1-9A-V][0-9A-Z]{7}",  # a TrxID of 2026
        "nagad": r"[0-9A-Z]{8}",
        "easypaisa": r"\d{11}",
        "wavepay": r"\d{10}",
        "dusupay": r"DUSUPAY[0-9A-Z]{15}",
    }
    for payment in payments:
        assert re.fullmatch(forms[payment.system.code], payment.number)


def test_no_number_comes_twice(payments):
    assert len({payment.number for payment in payments}) == len(payments)


def test_wallets_have_addresses_of_banks_and_numbers_of_phones():
    for wallets in WALLETS.values():
        assert all(re.fullmatch(r"[a-z0-9.]+@ok[a-z]+", number) for number in wallets["upi_l"])
        assert all(re.fullmatch(r"01[3-9]\d{8}", number) for number in wallets["bkash"])


def test_payers_are_named_in_the_scripts_of_their_countries(payments):
    scripts = {
        unicodedata.name(payment.counterparty[0]).split()[0]
        for payment in payments
        if payment.counterparty[0].isalpha()
    }

    assert scripts == {"DEVANAGARI", "BENGALI", "ARABIC", "MYANMAR", "LATIN", "CYRILLIC"}


def test_labels_and_orders_follow_several_habits(payments):
    labels = Counter(re.sub(r"\d+", "1", payment.label)[:5] for payment in payments)
    orders = Counter(re.match("[A-Za-z]*", payment.order_number)[0] for payment in payments)

    assert labels["1"] > 1000
    assert sum("@" in payment.label for payment in payments) > 1000
    assert sum(payment.label.count("-") == 4 for payment in payments) > 1000
    assert set(orders) >= {"INV", "ord", "TEST"}


def test_amounts_are_mostly_round_but_not_all(payments):
    round_ones = sum(payment.amount % 50 == 0 for payment in payments)
    just_below = sum(payment.amount % 100 == 99 for payment in payments)
    with_cents = sum(payment.amount % 1 > 0 for payment in payments)

    assert round_ones > len(payments) / 2
    assert just_below > len(payments) / 100
    assert with_cents > len(payments) / 20
    assert all(money.fits(p.amount, p.system.country.currency) for p in payments)


def test_one_payer_brings_hundreds_of_payments(payments):
    brought = Counter(payment.label for payment in payments if payment.type != Type.FAKE)
    del brought[""]
    [(_large, most), (_next, fewer)] = brought.most_common(2)

    assert most > 200
    assert fewer < 80


def test_evenings_are_busier_than_mornings_and_days_off_than_workdays(payments, by_day):
    hours = Counter(p.logged_at.astimezone(p.system.country.zone).hour for p in payments)
    days = defaultdict(list)
    for day, count in by_day.items():
        days[day.weekday() >= 5].append(count)

    assert hours[20] > 1.5 * hours[10] > 5 * hours[4]
    assert median(days[True]) > 1.2 * median(days[False])


def test_a_pay_day_and_a_festival_stand_out(by_day):
    usual = median(by_day.values())

    assert sum(by_day[date(2026, month, 1)] for month in (9, 10, 11)) > 3 * 1.3 * usual
    assert by_day[days_ago(17)] == max(by_day.values()) > 2 * usual


def test_one_afternoon_a_system_fails_then_falls_silent(payments):
    that_day = [
        payment
        for payment in payments
        if payment.system.code == "paytm"
        and payment.logged_at.astimezone(INDIA).date() == days_ago(5)
    ]
    hours = defaultdict(list)
    for payment in that_day:
        hours[payment.logged_at.astimezone(INDIA).hour].append(payment.status)
    afternoon = [status for hour in (13, 14, 15) for status in hours[hour]]

    assert len(afternoon) > 3
    assert set(afternoon) <= {Status.FAILED, Status.DECLINED}
    assert not any(hours[hour] for hour in range(17, 21))


def test_a_system_that_is_switched_off_has_no_new_payments(payments):
    last = max(p.logged_at for p in payments if p.system.code == "easypaisa")

    assert NOON - timedelta(days=4) < last < NOON - timedelta(days=2)


def test_some_unclaimed_money_repeats_a_payment_that_was_claimed_just_before(payments):
    claims = defaultdict(list)
    for payment in payments:
        if payment.label:
            claims[payment.system, payment.amount, payment.counterparty].append(payment.logged_at)
    unclaimed = [payment for payment in payments if not payment.label]
    repeated = [
        payment
        for payment in unclaimed
        for claimed_at in claims[payment.system, payment.amount, payment.counterparty]
        if timedelta(0) < payment.logged_at - claimed_at < timedelta(hours=3)
    ]

    assert any(payment.logged_at < NOON - timedelta(days=60) for payment in unclaimed)
    assert len(unclaimed) / 10 < len(repeated) < len(unclaimed)


def test_withdrawals_of_today_are_done_and_under_way(payments):
    today = {
        payment.status
        for payment in payments
        if payment.type == Type.WITHDRAWAL and payment.logged_at > NOON - timedelta(hours=12)
    }

    assert today >= {Status.ACTIVATED, Status.PENDING, Status.PROCESSING}


def test_however_few_there_are_some_withdrawals_are_under_way():
    statuses = {payment.status for payment in make_payments(500) if payment.type == Type.WITHDRAWAL}

    assert statuses >= {Status.ACTIVATED, Status.PENDING, Status.PROCESSING}


def test_transactions_come_from_files_row_by_row(demo_data):
    rows_of = defaultdict(list)
    for source, row in Transaction.unscoped.values_list("source", "source_row"):
        rows_of[source].append(row)

    assert None not in rows_of
    assert all(sorted(rows) == list(range(2, len(rows) + 2)) for rows in rows_of.values())
