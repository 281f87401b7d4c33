import re
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.dashboard.test_comparison import card
from tests.support.factories import days_ago, make_transaction

pytestmark = pytest.mark.django_db

PATH = re.compile(r'<path d="([^"]*)"')


def paths(page, name):
    section = page.content.decode().split(f'data-pk-card="{name}"')[1].split("</section>")[0]
    _, *picture = section.split("pk-spark")
    return PATH.findall(picture[0].split("</svg>")[0]) if picture else []


def heights(path):
    return [28 - 2 - float(y) for y in re.findall(r",([0-9.]+)", path)]


@pytest.mark.parametrize("state", [{}, {"tab": "withdrawals"}, {"step": "week"}, {"detail": "on"}])
def test_sparkline_has_the_points_of_the_chart(board, alice, state):
    for days in range(40):
        make_transaction(alice, f"{days}", amount=days + 1, logged_at=days_ago(days))
    period = {"date_from": str(days_ago(29).date())}
    step = {"step": state["step"]} if "step" in state else {}
    points = board(**period, **step).context["chart"].series[0].points

    lines = board(**period, **state).context["lines"]

    assert lines.sum.points == points
    assert sum(lines.count.points) == 30


def test_sparkline_is_a_picture_beside_words(board, alice):
    for days, amount in ((0, 500), (1, 1000), (3, 2000)):
        make_transaction(alice, f"{days}", amount=amount, usd_rate="0.01", logged_at=days_ago(days))

    page = board()

    finished, unfinished = paths(page, "sum")
    assert heights(finished) == [0, 0, 0, 0, 24, 0, 12]
    assert heights(unfinished) == [12, 6]
    assert "От 0,00 USD до 20,00 USD, больше всего: 21.11.2026." in card(page, "sum")
    assert "От 0 до 1, больше всего: 21.11.2026." in card(page, "count")
    assert 'aria-hidden="true"' in page.content.decode().split("pk-spark")[1].split(">")[0]


def test_line_breaks_where_a_sum_is_unknown(board, alice):
    for days, rate in ((1, "0.01"), (2, None), (3, "0.01"), (4, "0.01")):
        make_transaction(alice, f"{days}", usd_rate=rate, logged_at=days_ago(days))

    page = board()
    finished, _unfinished = paths(page, "sum")

    assert re.sub("[^ML]", "", finished) == "MLLLL" + "M"
    assert "Неизвестна 1 точка." in card(page, "sum")
    assert "Неизвестна" not in card(page, "count")


def test_point_that_misses_a_part_is_neither_lowest_nor_highest(board, alice):
    for days, number, rate in ((1, "a", "0.01"), (2, "b", "0.01"), (2, "c", None), (3, "d", None)):
        make_transaction(alice, number, amount=1000, usd_rate=rate, logged_at=days_ago(days))

    page = board(date_from=str(days_ago(3).date()), date_to=str(days_ago(1).date()))

    assert "От 10,00 USD до 10,00 USD, больше всего: 23.11.2026." in card(page, "sum")
    assert "Неизвестна 1 точка." in card(page, "sum")
    assert "1 точка известна не вся и сюда не входит." in card(page, "sum")


def test_days_that_have_not_come_are_not_the_lowest(board, alice):
    for days in (0, 1, 2):
        make_transaction(alice, f"{days}", amount=1000, usd_rate="0.01", logged_at=days_ago(days))

    page = board(date_from=str(days_ago(2).date()), date_to=str(days_ago(-3).date()))

    assert "От 10,00 USD до 10,00 USD" in card(page, "sum")
    assert "От 1 до 1" in card(page, "count")


def test_sparkline_of_withdrawals_is_of_the_week_before(board, alice):
    for days in (0, 2, 7, 8):
        make_transaction(
            alice, f"{days}", type="withdrawal", amount=Decimal(100), logged_at=days_ago(days)
        )

    for state in ({"date_from": "2026-10-01", "date_to": "2026-10-02"}, {"date_from": "x"}):
        finished, unfinished = paths(board(**state), "withdrawals")
        assert heights(finished) == [24, 0, 0, 0, 0, 24, 0]
        assert heights(unfinished) == [0, 24]


@pytest.mark.parametrize("days", [1, 2, 8])
def test_nothing_to_draw_is_no_picture(board, days):
    page = board(date_from=str((days_ago(days - 1) + timedelta(hours=5)).date()))

    assert paths(page, "sum") == paths(page, "count") == paths(page, "withdrawals") == []
