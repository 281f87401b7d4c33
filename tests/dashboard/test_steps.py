"""The step of the chart: hours, days, weeks or months, each point with its rows."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from pytest_django.asserts import assertContains

from paykassma_admin.charts.steps import Axis, Step
from paykassma_admin.periods import Period
from tests.dashboard.test_days import rows
from tests.support.factories import days_ago, make_rate, make_transaction
from tests.support.pages import errors, words

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)  # a Tuesday
ZONE = ZoneInfo("Asia/Kolkata")


def back(days, **more):
    return {"date_from": str(TODAY - timedelta(days=days - 1)), **more}


@pytest.mark.parametrize(
    ("days", "step"),
    [(2, "hour"), (3, "day"), (45, "day"), (46, "week"), (200, "week"), (201, "month")],
)
def test_step_depends_on_the_number_of_days(board, client, days, step):
    assert board(**back(days)).context["chart"].axis.step == step
    assert client.get("/chart.json", back(days)).json()["step"] == step


@pytest.mark.parametrize(("days", "step"), [(60, "day"), (3, "week"), (1, "month"), (366, "day")])
def test_step_can_be_chosen(board, days, step):
    page = board(**back(days, step=step))

    assert page.context["chart"].axis.step == step
    assertContains(page, f'<input type="hidden" name="step" value="{step}">', html=True)


def test_step_is_offered_where_it_makes_more_than_one_point(board):
    def offered(**state):
        return {
            str(each.label): dict(each.state) for each in board(**state).context["filter"].steps
        }

    assert list(offered(**back(7))) == ["День"]
    assert list(offered(**back(8))) == ["День", "Неделя"]
    assert list(offered(**back(32))) == ["День", "Неделя", "Месяц"]
    # The one that is chosen by itself stands in no address: other days have another.
    assert offered(**back(60, step="day"))["Неделя"] == back(60)


def test_other_days_choose_their_step_where_hours_were_chosen(board):
    filters = board(date_from="2026-11-24", date_to="2026-11-24", step="hour").context["filter"]

    addresses = [address for _quick, address, _is_shown in filters.quick_periods]
    assert addresses and not [each for each in addresses if "step=" in each]


def test_unknown_step_is_an_error_at_its_field(board):
    assert errors(board(step="year"))["step"] == ["Выберите из списка."]


def axis(first, last, step):
    return Axis.from_days(
        Period(date.fromisoformat(first), date.fromisoformat(last), ZONE), step, TODAY
    )


@pytest.mark.parametrize(
    ("first", "last", "spans", "notes"),
    [
        (
            "2026-11-04",
            "2026-11-18",
            ["04.11.2026 – 08.11.2026", "09.11.2026 – 15.11.2026", "16.11.2026 – 18.11.2026"],
            ["неполная неделя", "", "неполная неделя"],
        ),
        ("2026-11-09", "2026-11-15", ["09.11.2026 – 15.11.2026"], [""]),
        ("2026-11-22", "2026-11-22", ["22.11.2026"], ["неполная неделя"]),
        (
            "2026-11-16",
            "2026-11-24",
            ["16.11.2026 – 22.11.2026", "23.11.2026 – 24.11.2026"],
            ["", "не закончена, неполная неделя"],
        ),
        ("2026-11-23", "2026-11-29", ["23.11.2026 – 29.11.2026"], ["не закончена"]),
    ],
)
def test_weeks_begin_on_monday_and_say_where_they_are_cut(first, last, spans, notes):
    weeks = axis(first, last, Step.WEEK)

    assert (weeks.titles, weeks.notes) == (spans, notes)


def test_months_say_where_they_are_cut():
    months = axis("2026-01-31", "2026-04-01", Step.MONTH)

    assert months.titles == ["31.01.2026", "февраль 2026", "март 2026", "01.04.2026"]
    assert months.notes == ["неполный месяц", "", "", "неполный месяц"]
    assert [str(end) for end in months.ends] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-01",
    ]


@pytest.mark.parametrize("step", ["week", "month"])
@pytest.mark.parametrize(
    "state", [{}, {"measure": "count"}, {"tab": "withdrawals"}, {"detail": "on"}]
)
def test_point_equals_the_list_behind_it(client, board, alice, step, state):
    for days in range(0, 62, 3):
        at = days_ago(days)
        make_transaction(alice, f"real {days}", amount=Decimal("333.33"), logged_at=at)
        make_transaction(alice, f"out {days}", amount=7 + days, type="withdrawal", logged_at=at)

    page = board(**back(60, step=step, **state))

    series = page.context["chart"].series[0]
    for (address, figures), point in zip(rows(page), series.points, strict=True):
        totals = client.get(address).context["filter"].totals
        found = totals.count if "measure" in state else totals.total().amount
        if "detail" in state:
            found = sum(t.amount for t in totals.by_currency_and_direction())
        assert found == point, (address, figures)
    assert sum(series.points) == series.total > 0


def test_weeks_points_are_sums_of_raw_rows(chart, alice):
    """Whole weeks and parts of one, in the Client's zone, each row at its own rate."""
    raw = defaultdict(list)
    for hours in range(0, 60 * 24, 29):
        at = datetime(2026, 11, 24, 10, tzinfo=UTC) - timedelta(hours=hours)
        make_transaction(alice, f"{hours}", amount=hours + 1, usd_rate="0.0119", logged_at=at)
        raw[at.astimezone(ZONE).date()].append(hours + 1)

    points = chart(**back(60))["Все транзакции"]

    first = TODAY - timedelta(days=59)
    by_week = {}
    for day in (first + timedelta(days=n) for n in range(60)):
        own = [Decimal(amount) * Decimal("0.0119") for amount in raw[day]]
        by_week.setdefault(day.isocalendar()[:2], []).extend(own)
    assert points == [sum(amounts) for amounts in by_week.values()]


def test_week_is_unknown_only_where_nothing_was_converted(chart, client, alice):
    """23 November is a Monday, and so is the 16th."""
    make_transaction(alice, usd_rate=None, logged_at=days_ago(0))
    make_transaction(alice, usd_rate=None, logged_at=days_ago(6))
    make_transaction(alice, usd_rate="0.012", logged_at=days_ago(7))

    period = back(30, step="week")

    assert chart(**period)["Все транзакции"][-2:] == [12, None]
    notes = client.get("/chart.json", period).json()["datasets"][0]["notes"]
    assert notes[-2:] == ["не пересчитано: 1", "не пересчитано: 1"]


def test_days_of_a_week_are_converted_at_their_own_rates(chart, alice):
    make_rate("INR", "0.0100", date(2026, 11, 16))
    make_rate("INR", "0.0200", date(2026, 11, 17))
    for days in (7, 8):
        make_transaction(alice, amount=10, currency="USD", usd_rate=1, logged_at=days_ago(days))

    assert chart(**back(30, step="week", currency="INR"))["Все транзакции"][-2] == 500 + 1000


def test_table_follows_the_step(board, alice):
    make_transaction(alice, amount=1000)

    shown = words(board(**back(9, step="week")))

    assert "Таблица по неделям Сумма, USD Неделя Все транзакции" in shown
    assert "16.11.2026 – 22.11.2026 0,00 0,00 23.11.2026 – 24.11.2026 не закончена" in shown
    assert "Итого 12,00" in shown


def test_chart_has_the_words_of_the_table(client, board):
    answer = client.get("/chart.json", back(366)).json() if board() else None

    assert answer["labels"][0] == "2025-11-24"
    assert answer["titles"][:2] == ["24.11.2025 – 30.11.2025", "декабрь 2025"]
    assert answer["notes"][0] == "неполный месяц"
    assert answer["notes"][-1] == "не закончен, неполный месяц"
    assert unescape(answer["unfinished"]) == "не закончен"
