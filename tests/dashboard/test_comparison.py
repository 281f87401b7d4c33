"""A card's change to the period before, computed again from raw rows in plain Python."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_django.asserts import assertNotContains

from clients.models import Client
from dashboard.comparison import select_before
from paykassma_admin.lists import counting
from paykassma_admin.periods import Period
from tests.support.factories import days_ago, make_rate, make_transaction, worker
from tests.support.pages import numbers
from transactions.selection import Selection

pytestmark = pytest.mark.django_db

BEFORE_NOON = datetime(2026, 11, 23, 11, 59, tzinfo=UTC)  # of yesterday


def card(page, name):
    section = page.content.decode().split(f'data-pk-card="{name}"')[1].split("</section>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]*>", " ", section.replace("<wbr>", ""))))


def before(client, page, name="sum"):
    section = page.content.decode().split(f'data-pk-card="{name}"')[1].split("</section>")[0]
    change = section.split("pk-change")[1]
    return client.get(unescape(re.search('href="([^"]*)"', change)[1]))


def test_card_shows_the_change_to_the_period_before(client, board, alice):
    make_transaction(alice, "now", amount=1500, usd_rate="0.01")
    make_transaction(alice, "before", amount=1000, usd_rate="0.01", logged_at=days_ago(9))
    make_transaction(alice, "too early", amount=1000, usd_rate="0.01", logged_at=days_ago(17))

    page = board()

    assert "+50,0 % было 10,00 USD 09.11.2026 – 16.11.2026, до 17:30" in card(page, "sum")
    assert "0,0 % было 1 09.11.2026 – 16.11.2026, до 17:30" in card(page, "count")
    assert numbers(before(client, page)) == ["before"]
    assert numbers(before(client, page, "count")) == ["before"]


def test_change_is_told_in_english(client, board, alice):
    make_transaction(alice, amount=1000)
    make_transaction(alice, amount=3000, logged_at=days_ago(9))
    client.cookies["django_language"] = "en"

    shown = card(board(), "sum")

    assert "−66.7% was 36.00 USD 9 Nov 2026 – 16 Nov 2026, before 17:30" in shown


def test_period_with_today_is_compared_to_the_same_minute(client, board, alice):
    at_17_30 = datetime(2026, 11, 16, 12, tzinfo=UTC)
    make_transaction(alice, "now")
    make_transaction(alice, "17:29:59", logged_at=at_17_30 - timedelta(seconds=1))
    make_transaction(alice, "17:30", logged_at=at_17_30)

    assert numbers(before(client, board())) == ["17:29:59"]


def test_finished_period_is_compared_to_whole_days(client, board, alice):
    make_transaction(alice, "last moment", logged_at=datetime(2026, 11, 17, 18, 29, tzinfo=UTC))

    page = board(date_from="2026-11-18", date_to="2026-11-22")

    assert "13.11.2026 – 17.11.2026" in card(page, "sum")
    assert ", до " not in card(page, "sum")
    assert numbers(before(client, page)) == ["last moment"]


def test_withdrawals_of_today_are_compared_to_yesterday(client, board, alice):
    for number, at in {"today": days_ago(0), "yesterday": BEFORE_NOON}.items():
        make_transaction(alice, number, type="withdrawal", amount=500, logged_at=at)
    make_transaction(alice, "late", type="withdrawal", logged_at=days_ago(1) + timedelta(hours=1))

    page = board(date_from="2026-10-01", date_to="2026-10-02")

    assert "0,0 % было 6,00 USD 23.11.2026, до 17:30" in card(page, "withdrawals")
    assert numbers(before(client, page, "withdrawals")) == ["yesterday"]


def test_nothing_before_is_said_in_words(client, board, alice):
    make_transaction(alice)

    page = board()

    for name in ("sum", "count", "withdrawals"):
        assert "нет данных" in card(page, name)
        assert "%" not in card(page, name)
        assert numbers(before(client, page, name)) == []


def test_unknown_sum_has_no_change(board, alice):
    make_transaction(alice, usd_rate="0.01")
    make_transaction(alice, usd_rate=None, logged_at=days_ago(9))

    assert "— было — · не пересчитано: 1 09.11.2026" in card(board(), "sum")
    assert "0,0 % было 1" in card(board(), "count")


def test_change_from_an_unknown_sum_is_unknown(board, alice):
    make_transaction(alice, usd_rate=None)
    make_transaction(alice, amount=1000, usd_rate="0.01", logged_at=days_ago(9))

    assert "— было 10,00 USD" in card(board(), "sum")


def test_period_before_is_converted_at_its_own_rates(board, alice):
    make_rate("INR", "0.0100", date(2026, 11, 14))
    make_rate("INR", "0.0200", date(2026, 11, 20))
    for days in (0, 9):
        make_transaction(alice, amount=10, currency="USD", usd_rate=1, logged_at=days_ago(days))

    assert "−50,0 % было 1 000,00 INR" in card(board(currency="INR"), "sum")


@pytest.mark.parametrize("period", [("2026-11-25", "2026-11-30"), ("2000-01-02", "2000-01-05")])
def test_no_period_before_is_not_compared(board, period):
    page = board(date_from=period[0], date_to=period[1])

    assert "pk-change" not in page.content.decode().split('data-pk-card="withdrawals"')[0]


def test_wrong_dates_leave_the_change_of_today(board, alice):
    make_transaction(alice, type="withdrawal", amount=500, logged_at=BEFORE_NOON)

    assert "было 6,00 USD" in card(board(date_from="x"), "withdrawals")


def test_day_with_too_many_rows_is_compared_whole(board, alice, monkeypatch):
    for minute in range(3):
        make_transaction(alice, f"T{minute}", logged_at=days_ago(8) - timedelta(hours=1 + minute))
    make_transaction(alice, "late", logged_at=days_ago(8) + timedelta(hours=1))
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", 2)

    assert "было 4 09.11.2026 – 16.11.2026, целые дни" in card(board(), "count")


def test_comparison_has_nothing_of_another_client(board, alice, charlie):
    make_transaction(charlie, logged_at=days_ago(9))

    assertNotContains(board(), "было")


def raw_before(rows, first, last, now, zone):
    """Return the rows of as many days before; to the same minute of the clock, if now is in it."""
    length = (last - first).days + 1
    today = now.astimezone(zone).date()
    found = []
    for at in rows:
        local = at.astimezone(zone)
        if not first <= local.date() + timedelta(days=length) <= last:
            continue
        minute_then = local.replace(tzinfo=None) + timedelta(days=length)
        minute_now = now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        if not first <= today <= last or minute_then < minute_now:
            found.append(at)
    return found


@pytest.mark.parametrize(
    ("zone", "now", "first", "last"),
    [
        ("Asia/Kolkata", "2026-11-24 12:00:30", "2026-11-24", "2026-11-24"),
        ("Asia/Kolkata", "2026-11-23 18:30:10", "2026-11-24", "2026-11-24"),  # its first minute
        ("America/New_York", "2026-11-02 17:00:00", "2026-11-02", "2026-11-02"),  # 25 hours before
        ("America/New_York", "2026-03-09 16:00:00", "2026-03-09", "2026-03-09"),  # 23 hours before
        ("America/New_York", "2026-03-09 06:30:00", "2026-03-09", "2026-03-09"),  # 2:30, skipped
        ("America/New_York", "2026-11-01 16:00:00", "2026-10-26", "2026-11-01"),
        ("Europe/Moscow", "2026-03-31 20:59:59", "2026-03-01", "2026-03-31"),  # after 28 days
        ("Pacific/Kiritimati", "2026-03-01 10:10:00", "2026-02-01", "2026-03-31"),  # to come
        ("Africa/Cairo", "2026-04-25 12:00:00", "2026-04-25", "2026-04-25"),  # no midnight before
        ("Europe/Moscow", "2026-11-24 12:00:00", "2026-02-01", "2026-02-28"),
    ],
)
def test_period_before_is_that_of_the_raw_rows(client, alice, zone, now, first, last):
    """Leave out the hour that a clock shows twice: its minutes are each the first of them."""
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    with worker():
        Client.objects.filter(pk=alice.client.pk).update(time_zone=zone)
    length = last - first + timedelta(days=1)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - length
    edges = [now - length + timedelta(minutes=n) for n in (-61, -60, -1, 0, 1, 60)]
    edges += [start + timedelta(hours=n) for n in range(-14, 40, 5)]
    amounts = {at: Decimal(place + 1) for place, at in enumerate(edges)}
    for at, amount in amounts.items():
        make_transaction(alice, f"T{amount}", amount=amount, usd_rate="0.01", logged_at=at)
    then = raw_before(amounts, first, last, now, ZoneInfo(zone))

    client.force_login(alice)
    with time_machine.travel(now, tick=False):
        page = client.get("/", {"date_from": first, "date_to": last})
        total = before(client, page).context["filter"].totals.total()

    assert total.count == len(then)
    assert total.amount == sum(amounts[at] for at in then) / 100


def test_clock_that_goes_back_over_midnight_begins_its_day_once(alice):
    """In Havana 0:30 comes before 23:30 of the day before again: none of today is over there."""
    zone = ZoneInfo("America/Havana")
    day = date(2026, 11, 1)
    again = datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=0)
    selection = Selection(client=alice.client, period=Period(day, day, zone))

    assert select_before(selection, again).until == datetime(2026, 10, 31, 1, 30)
