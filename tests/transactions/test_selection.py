from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from paykassma_admin.lists import counting
from paykassma_admin.periods import Period, clock_moment
from tests.conftest import NOON
from tests.support.factories import make_payment_system, make_transaction, make_wallet, seeing
from transactions.filters import TransactionFilterSet
from transactions.models import Transaction
from transactions.selection import Selection, slot_query
from wallets.statuses import Status

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 11, 17), date(2026, 11, 24)

# A condition → which of the two rows of `rows`, "this" and "other", it lets through alone.
CONDITIONS = [
    {"payment_systems": ("bkash",)},
    {"label": "user-7"},
    {"label": "user*"},
    {"order_number": "order-7"},
    {"order_number": "order*"},
    {"transaction_id": "this"},
    {"transaction_id": "thi*"},
    {"counterparty": "кузнец"},
    {"direction": "outgoing"},
    {"types": ("forced",)},
    {"types": ("forced", "fake")},
    {"activity": "inactive"},
    {"statuses": ("pending",)},
    {"statuses": ("pending", "processing")},
    {"converted": False},
    {"country": "BD"},
    {"arrival_currency": "BDT"},
    {"hour_from": 17},
    {"hour_from": 17, "hour_to": 17},
    {"amount_from": Decimal(4750)},
    {"amount_from": Decimal(4750), "amount_to": Decimal("4750.00")},
]
OPPOSITES = [
    {"activity": "active"},
    {"converted": True},
    {"direction": "incoming"},
    {"hour_to": 16},
    {"amount_to": Decimal("4749.9999")},
    {"until": datetime(2026, 11, 24, 17, 30)},
]


@pytest.fixture
def everything(alice):
    return Selection(client=alice.client, period=Period(FIRST, LAST, alice.client.zone))


@pytest.fixture
def rows(alice):
    make_payment_system("bkash", currency="BDT", country="BD")
    make_transaction(alice, "other", label="customer", counterparty="Анна")
    return make_transaction(
        alice,
        "this",
        wallet=make_wallet(alice.client, "w", payment_system="bkash"),
        label="user-7",
        order_number="order-7",
        counterparty="Пётр КУЗНЕЦОВ",
        direction="outgoing",
        type="forced",
        status="pending",
        amount=Decimal(4750),
        usd_rate=None,
        logged_at=NOON,  # 17:30 in Kolkata; the other one's hour is 16
    )


def numbers(selection, owner):
    with seeing(owner):
        return sorted(selection.rows().values_list("number", flat=True))


def read_back(selection, owner, rf):
    request = rf.get(selection.address)
    request.user, request.client = owner, owner.client
    with seeing(owner):
        filters = TransactionFilterSet(
            request.GET, queryset=Transaction.unscoped.all(), request=request
        )
        assert filters.is_valid(), filters.errors
        return filters.selection


def test_empty_selection_has_all_of_the_period(everything, alice, rows):
    assert numbers(everything, alice) == ["other", "this"]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_condition_selects_matching_rows(everything, alice, rows, condition):
    assert numbers(everything.replace(**condition), alice) == ["this"]


@pytest.mark.parametrize("condition", OPPOSITES)
def test_each_condition_excludes_other_rows(everything, alice, rows, condition):
    assert numbers(everything.replace(**condition), alice) == ["other"]


def test_wallet_condition_selects_one_wallet(everything, alice, rows):
    assert numbers(everything.replace(wallet=rows.wallet_id), alice) == ["this"]


def test_selection_joins_conditions_by_and(everything, alice, rows):
    assert numbers(everything.replace(label="user-7", activity="active"), alice) == []


def test_selection_has_only_its_clients_rows(everything, alice, charlie, rows):
    make_transaction(charlie, "his")

    assert numbers(everything.replace(client=charlie.client), charlie) == ["his"]
    assert numbers(everything.replace(client=charlie.client), alice) == []


def test_period_is_half_open_in_the_clients_zone(everything, alice):
    for number, at in {
        "before": "2026-11-16 18:29:59.999999",
        "first": "2026-11-16 18:30",
        "last": "2026-11-24 18:29:59.999999",
        "after": "2026-11-24 18:30",
    }.items():
        make_transaction(alice, number, logged_at=datetime.fromisoformat(at).replace(tzinfo=UTC))

    assert numbers(everything, alice) == ["first", "last"]
    assert numbers(everything.replace(period=Period(None, LAST, alice.client.zone)), alice) == [
        "before",
        "first",
        "last",
    ]


def test_pay_ins_are_incoming_activated_real_or_forced(everything, alice):
    make_transaction(alice, "real")
    make_transaction(alice, "forced", type="forced")
    make_transaction(alice, "fake", type="fake")
    make_transaction(alice, "outgoing", direction="outgoing")
    make_transaction(alice, "withdrawal", type="withdrawal")
    make_transaction(alice, "withdrawal in progress", type="withdrawal", status="processing")
    for status in set(Status) - {Status.ACTIVATED}:
        make_transaction(alice, status, status=status)

    assert numbers(everything.pay_ins(), alice) == ["forced", "real"]
    assert numbers(everything.fakes(), alice) == ["fake"]
    assert numbers(everything.withdrawals(), alice) == ["withdrawal"]
    assert numbers(everything.withdrawals_in_progress(), alice) == ["withdrawal in progress"]


@pytest.mark.parametrize("condition", [{}, *CONDITIONS, *OPPOSITES, {"currency": "INR"}])
def test_address_round_trips(everything, alice, rows, rf, condition):
    selection = everything.replace(**condition)

    assert read_back(selection, alice, rf) == selection


@pytest.fixture
def full(everything, rows):
    return everything.replace(
        payment_systems=("bkash", "upi_l"),
        wallet=rows.wallet_id,
        label="a&b=c+d%20#é",
        order_number="№ 7*",
        transaction_id="T/1?",
        counterparty="O'Brien & Söhne",
        direction="outgoing",
        types=("forced", "withdrawal"),
        activity="inactive",
        statuses=("pending", "failed"),
        converted=False,
        country="BD",
        arrival_currency="BDT",
        hour_from=0,
        hour_to=9,
        amount_from=Decimal(0),
        amount_to=Decimal("1234567890123456.7800"),
        terms="-type:fake has:label",
        sort="-amount",
        until=datetime(2026, 11, 24, 9, 5),
        currency="BDT",
    )


def test_address_of_all_conditions_round_trips(full, alice, rf):
    assert read_back(full, alice, rf) == full


def test_every_filter_is_in_the_address(full):
    handed_on = set(parse_qs(full.query()))

    assert handed_on == set(TransactionFilterSet.base_filters) - {"page", "per_page", "days"}


def test_amounts_have_one_form_in_the_address(everything):
    amounts = everything.replace(amount_from=Decimal("5E+3"), amount_to=Decimal("5000.50"))

    assert "&amount_from=5000&amount_to=5000.5" in f"&{amounts.query()}"


def test_amounts_have_no_kept_totals_and_an_order_has(everything):
    assert not everything.replace(amount_to=Decimal(5)).has_precomputed_totals
    assert everything.replace(sort="-amount").has_precomputed_totals


def test_order_leaves_out_no_row(everything, alice, rows):
    assert numbers(everything.replace(sort="-amount"), alice) == ["other", "this"]


def test_unknown_activity_is_refused(everything):
    with pytest.raises(ValueError, match="activated"):
        everything.replace(activity="activated").rows()


@pytest.mark.parametrize("period", [(None, None), (FIRST, None), (None, LAST), (LAST, LAST)])
def test_address_keeps_days_and_their_absence(everything, alice, rf, period):
    selection = everything.select_days(*period)

    assert read_back(selection, alice, rf) == selection


@pytest.mark.parametrize(
    "kind", ["pay_ins", "fakes", "withdrawals", "withdrawals_in_progress", "not_converted"]
)
def test_address_of_a_dashboard_figure_round_trips(everything, alice, rf, kind):
    selection = getattr(everything, kind)()

    assert read_back(selection, alice, rf) == selection


def test_address_uses_the_contracts_parameters(everything):
    address = urlsplit(everything.pay_ins().address)

    assert address.path == "/payments/transactions/"
    assert parse_qs(address.query) == {
        "direction": ["incoming"],
        "type": ["real", "forced"],
        "status": ["active"],
        "date_from": ["2026-11-17"],
        "date_to": ["2026-11-24"],
    }


def test_replace_leaves_the_selection_unchanged(everything):
    everything.pay_ins()

    assert everything.direction == ""
    with pytest.raises(AttributeError):
        everything.direction = "incoming"


def test_hours_follow_the_clients_clock_inclusively(everything, alice):
    for number, at in {"8:59": "03:29", "9:00": "03:30", "9:59": "04:29", "10:00": "04:30"}.items():
        moment = datetime.fromisoformat(f"2026-11-20 {at}:00").replace(tzinfo=UTC)
        make_transaction(alice, number, logged_at=moment)

    assert numbers(everything.replace(hour_from=9, hour_to=9), alice) == ["9:00", "9:59"]
    assert numbers(everything.replace(hour_from=9), alice) == ["10:00", "9:00", "9:59"]
    assert numbers(everything.replace(hour_to=9), alice) == ["8:59", "9:00", "9:59"]


def test_repeated_hour_is_one_hour(charlie):
    """In New York clocks go back from 2:00 to 1:00 on 1 November 2026."""
    zone = ZoneInfo("America/New_York")
    day = date(2026, 11, 1)
    for number, at in {"0:59": "04:59", "1st": "05:30", "2nd": "06:30", "2:00": "07:00"}.items():
        moment = datetime.fromisoformat(f"2026-11-01 {at}:00").replace(tzinfo=UTC)
        make_transaction(charlie, number, logged_at=moment)
    of_day = Selection(client=charlie.client, period=Period(day, day, zone))

    assert numbers(of_day.select_slot(*[datetime(2026, 11, 1, 1)] * 2), charlie) == ["1st", "2nd"]


def test_slot_addresses_match_their_selections(everything):
    hours = [datetime(2026, 11, 24, 0), datetime(2026, 11, 24, 9)]
    slots = [(FIRST, LAST), (LAST, LAST), *zip(hours, hours, strict=True)]

    conditions = everything.pay_ins().address_without_days
    addresses = [conditions + slot_query(*slot) for slot in slots]

    assert addresses == [everything.pay_ins().select_slot(*slot).address for slot in slots]
    assert addresses[-1].endswith("&date_to=2026-11-24&hour_from=9&hour_to=9")


SKIP, REPEAT = (2026, 3, 8), (2026, 11, 1)  # of an hour, at 2:00 in New York


@pytest.mark.parametrize(
    ("minute", "moment"),
    [
        ((*REPEAT, 0, 59), "2026-11-01 04:59"),
        ((*REPEAT, 1, 30), "2026-11-01 05:30"),  # the first time
        ((*REPEAT, 2, 0), "2026-11-01 07:00"),
        ((*SKIP, 1, 59), "2026-03-08 06:59"),
        ((*SKIP, 2, 0), "2026-03-08 07:00"),
        ((*SKIP, 2, 30), "2026-03-08 07:00"),
        ((*SKIP, 3, 0), "2026-03-08 07:00"),
    ],
)
def test_minute_of_a_clock_is_its_first_moment(minute, moment):
    found = clock_moment(datetime(*minute), ZoneInfo("America/New_York"))

    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("day", [16, 17, 20, 24, 25])
def test_totals_until_a_minute_are_those_of_its_rows(everything, alice, subtests, day):
    minute = datetime(2026, 11, day, 14, 5)
    moment = clock_moment(minute, everything.period.zone)
    for days, seconds in product((0, 1, 7, 40, 80), (-1, 0)):
        at = moment - timedelta(days=days) + timedelta(seconds=seconds)
        for fields in ({}, {"type": "withdrawal"}, {"usd_rate": None}):
            make_transaction(alice, f"{at} {fields}", logged_at=at, **fields)

    for first in (None, FIRST, date(2026, 8, 3), LAST):
        for kind in ("pay_ins", "withdrawals", "not_converted"):
            with subtests.test(f"{kind} from {first}"), seeing(alice):
                days = everything.select_days(first, LAST)
                assert_totals(getattr(days, kind)().replace(until=minute), moment)


def assert_totals(cut, end):
    amounts = [(row.amount_usd or 0, row.logged_at) for row in cut.rows()]
    for totals in (cut.totals(), cut.period_totals()):
        assert totals.count == len(amounts)
        assert totals.total().amount == sum(amount for amount, _at in amounts)
    assert all(at < end for _amount, at in amounts)


def test_totals_until_a_minute_read_rows_of_its_day_alone(everything, alice, monkeypatch):
    for days in range(4):
        make_transaction(alice, f"T{days}", logged_at=NOON - timedelta(days=days))
    cut = everything.replace(until=datetime(2026, 11, 24, 17, 31))
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", 1)

    with seeing(alice):
        assert cut.totals().count == 4


@pytest.mark.parametrize("offset", range(7))
def test_page_until_a_minute_is_found_by_days(everything, alice, monkeypatch, offset):
    for days, number in product(range(3), range(3)):
        at = NOON - timedelta(days=days, minutes=number)
        make_transaction(alice, f"{days}-{number}", logged_at=at)
    cut = everything.replace(until=datetime(2026, 11, 24, 17, 29))  # without the newest two
    monkeypatch.setattr("transactions.selection.SEEK_FROM_OFFSET", 1)

    with seeing(alice):
        rows, skipped = cut.seek_rows(offset, cut.period_totals())
        expected = cut.rows().newest_first()[offset]
        assert rows[offset - skipped] == expected
    assert skipped == (0 if offset < 1 else 1 + (offset - 1) // 3 * 3)
