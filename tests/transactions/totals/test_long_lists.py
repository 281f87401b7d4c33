from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from paykassma_admin.periods import Period
from tests.support.factories import make_transaction, seeing, worker
from tests.support.pages import numbers
from transactions import selection as selections
from transactions.selection import Selection
from transactions.totals.maintenance import compact_totals
from transactions.totals.seek import find_day

pytestmark = pytest.mark.django_db

DAYS = [date(2026, month, day) for month in (9, 10, 11) for day in (1, 2, 15, 29, 30)]
IST = ZoneInfo("Asia/Kolkata")
BOUNDS = [
    (None, None),
    (date(2026, 9, 1), date(2026, 11, 30)),
    (date(2026, 9, 2), date(2026, 11, 29)),
    (date(2026, 10, 1), date(2026, 10, 31)),
    (date(2026, 10, 2), date(2026, 10, 31)),
    (date(2026, 10, 1), date(2026, 10, 30)),
    (date(2026, 10, 15), date(2026, 10, 15)),
    (None, date(2026, 10, 1)),
    (date(2026, 10, 30), None),
]


@pytest.fixture
def everything(alice):
    with worker():
        for serial, day in enumerate(DAYS):
            noon = datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC)
            before = noon - timedelta(hours=1)
            make_transaction(alice, f"a{serial}", logged_at=noon, amount=serial + 1)
            make_transaction(alice, f"b{serial}", logged_at=before, status="pending")
            if serial == len(DAYS) // 2:
                compact_totals()
    return Selection(client=alice.client, period=Period(None, None, alice.client.zone))


@pytest.mark.parametrize("narrowed", [{}, {"activity": "active"}, {"label": "nobody"}])
def test_sums_of_months_days_and_rows_agree(everything, alice, narrowed):
    for bounds in BOUNDS:
        chosen = everything.select_days(*bounds).replace(**narrowed)

        with seeing(alice):
            of_days, of_months = chosen.totals(), chosen.period_totals()
            rows = list(chosen.rows())

        assert of_months.count == of_days.count == len(rows), bounds
        assert of_months.total() == of_days.total(), bounds
        assert of_months.total().amount == sum(row.amount_usd for row in rows), bounds


@pytest.mark.parametrize("narrowed", [{}, {"status": "active"}, {"label": ""}])
def test_far_page_has_the_same_rows_as_an_offset(client, alice, everything, monkeypatch, narrowed):
    client.force_login(alice)
    address = "/payments/transactions/"
    conditions = {"date_from": "", "per_page": 25, **narrowed}
    pages = (1, 2) if "status" not in narrowed else (1,)
    walked = [numbers(client.get(address, conditions | {"page": page})) for page in pages]

    monkeypatch.setattr(selections, "SEEK_FROM_OFFSET", 0)

    assert [numbers(client.get(address, conditions | {"page": page})) for page in pages] == walked


def test_seek_finds_the_day_of_each_row(everything, alice):
    for bounds in BOUNDS:
        chosen = everything.select_days(*bounds)

        with seeing(alice):
            days = [row.logged_at.astimezone(IST).date() for row in chosen.rows().newest_first()]
            for of in (chosen.period_totals(), chosen.totals()):
                for offset, day in enumerate(days):
                    found = find_day(chosen, offset, of.groups)
                    assert found == (day, days.index(day)), bounds
                with pytest.raises(LookupError):
                    find_day(chosen, len(days), of.groups)


def test_seek_skips_whole_days(alice, everything, monkeypatch):
    monkeypatch.setattr(selections, "SEEK_FROM_OFFSET", 0)

    with seeing(alice):
        period, skipped = everything.seek_page(25, everything.period_totals())
        assert skipped == 24
        rows = everything.rows().newest_first().in_period(period)
        assert rows[1].number == everything.rows().newest_first()[25].number


def test_skipped_rows_run_no_subquery(client, alice, everything):
    client.force_login(alice)
    address = "/payments/transactions/?date_from=&page=2"
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    [rows] = [q["sql"] for q in asked if "OFFSET 25" in q["sql"]]
    assert "paymentsystem" not in rows


def test_page_survives_rows_deleted_after_counting(alice):
    selection = Selection(client=alice.client, period=Period(None, None, alice.client.zone))

    with seeing(alice):
        totals = selection.period_totals()

    assert selection.seek_page(selections.SEEK_FROM_OFFSET, totals) == (selection.period, 0)
