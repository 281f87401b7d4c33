import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from tests.support.factories import days_ago, make_transaction, make_wallet
from tests.support.pages import words

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<tr><th scope="row"><a href="([^"]+)">.*?</th><td>(.*?)</td></tr>')


def rows(response):
    found = ROW.findall(response.content.decode())
    return [
        (unescape(address), [re.sub("<[^>]*>", "", cell) for cell in cells.split("</td><td>")])
        for address, cells in found
    ]


def test_table_repeats_the_chart_and_marks_today(board, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")

    shown = words(board())

    assert "Сумма, USD День Все транзакции upi_l" in shown
    assert "23.11.2026 0,00 0,00 24.11.2026 не закончен 12,00 12,00" in shown


@pytest.mark.parametrize("step", ["day", "hour"])
def test_no_moment_bounds_a_figure_that_holds_later_rows(client, board, alice, step):
    """Imports take rows up to the end of tomorrow."""
    make_transaction(alice, logged_at=timezone.now() + timedelta(minutes=10))
    state = {"date_from": "2026-11-24", "date_to": "2026-11-24", "step": step}

    shown = words(board(**state))

    assert re.search(r"не закончен \d+,\d\d", shown)
    assert "по 17:30" not in shown
    assert client.get("/chart.json", state).json()["unfinished"] == "не закончен"


def test_rounded_parts_are_said_to_differ_from_their_total(board, alice):
    for day in range(3):
        for minute in range(5):
            at = days_ago(day) - timedelta(minutes=minute)
            make_transaction(alice, amount="0.41", usd_rate="0.01", logged_at=at)

    shown = words(board())

    assert "Итого 0,06" in shown  # of days of 0.0205
    assert "округлена отдельно" in shown.split("Итого")[1]
    assert "на последний знак" not in shown
    assert "округлена" not in words(board(measure="count"))


def test_counts_are_whole_numbers_without_unit(board, alice):
    make_transaction(alice)

    assert "Количество День Все транзакции upi_l" in words(board(measure="count"))
    assert "не закончен 1 1 Итого 1 1" in words(board(measure="count"))


def test_detail_columns_name_their_currency(board, alice):
    make_transaction(alice, amount=1000)
    make_transaction(alice, amount="70.5", currency="BDT")

    response = board(detail="on")

    assert response.context["days"].headings == [
        "Все транзакции, BDT",
        "upi_l, BDT",
        "Все транзакции, INR",
        "upi_l, INR",
    ]
    assert response.context["days"].totals == ["70,50", "70,50", "1\xa0000,00", "1\xa0000,00"]


def test_the_total_row_equals_the_cards(board, alice):
    for days in range(4):
        make_transaction(alice, amount="333.33", usd_rate="0.0119", logged_at=days_ago(days))

    for measure, shown in (("sum", "15,87"), ("count", "4")):
        response = board(measure=measure)

        assert response.context["days"].totals[0] == shown
        assertContains(response, f'data-pk-card="{measure}"')
        assert shown in response.content.decode().split(f'data-pk-card="{measure}"')[1][:900]


@pytest.mark.parametrize("tab", ["transactions", "withdrawals"])
def test_day_links_to_exactly_its_transactions(client, board, alice, tab):
    wallet = make_wallet(alice.client, "bd", country="BD")
    for days in range(3):
        for type_ in ("real", "forced", "fake", "withdrawal"):
            fields = {"type": type_, "logged_at": days_ago(days)}
            make_transaction(alice, f"{days}{type_}", **fields)
            make_transaction(alice, f"{days}{type_}-bd", wallet=wallet, **fields)
    make_transaction(alice, status="pending")
    response = board(tab=tab, country="BD", currency="INR")
    points = response.context["chart"].series[0].points

    for (address, _figures), point in zip(rows(response), points, strict=True):
        open_list = client.get(address).context["filter"].totals.total()
        assert (open_list.amount, open_list.currency) == (point, "INR")
    assert sum(points) > 0


def test_day_begins_at_the_clients_midnight(client, board, alice):
    midnight = timezone.now().replace(hour=18, minute=30) - timedelta(days=1)  # in Kolkata
    make_transaction(alice, "before", logged_at=midnight - timedelta(seconds=1))
    make_transaction(alice, "after", logged_at=midnight)

    *_, (_address, yesterday), (address, today) = rows(board(measure="count"))

    assert (yesterday[0], today[0]) == ("1", "1")
    assertContains(client.get(address), ">after<")
