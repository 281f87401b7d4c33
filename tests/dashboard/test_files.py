import csv
import io
from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains

from paykassma_admin.exports.formulas import escape_text, unescape
from tests.support.events import events
from tests.support.factories import (
    days_ago,
    make_payment_system,
    make_rate,
    make_transaction,
    make_wallet,
)
from tests.support.pages import words

pytestmark = pytest.mark.django_db

AXIS = {"Час", "День", "Первый день", "Последний день", "Примечание"}

URL = "/chart.csv"


@pytest.fixture
def file(client, alice):
    client.force_login(alice)

    def ask(**state):
        answer = client.get(URL, state)
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        text = answer.content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))

    return ask


def test_file_has_the_points_of_the_chart_unrounded(client, file, alice):
    make_transaction(alice, amount="0.41", usd_rate="0.0119", logged_at=days_ago(1))

    headings, *lines = file()

    assert headings == ["День", "Все транзакции, USD", "upi_l, USD", "Примечание"]
    assert lines[-2] == ["2026-11-23", "0.0049", "0.0049", ""]
    assert lines[-1] == ["2026-11-24", "0", "0", "не закончен"]
    assert len(lines) == 8


@pytest.mark.parametrize(
    "state",
    [
        {"step": "week", "currency": "INR"},
        {"measure": "count", "tab": "withdrawals"},
        {"detail": "on", "systems": ["", "bkash"], "total": "off"},
        {"date_from": "2026-11-24"},
        {"date_from": "2025-11-24"},
    ],
)
def test_file_equals_the_chart_in_every_state(client, file, chart, alice, state):
    make_rate("INR", "0.0125", days_ago(3).date())
    wallet = make_wallet(alice.client, "w", payment_system="bkash")
    for days in range(12):
        for number, fields in enumerate([{}, {"type": "withdrawal"}, {"wallet": wallet}]):
            at = days_ago(days)
            make_transaction(alice, f"{days}-{number}", amount=days + 7, logged_at=at, **fields)

    headings, *lines = file(**state)

    drawn = client.get("/chart.json", state).json()
    assert [line[0] for line in lines] == drawn["labels"]
    names = [name for name in headings if "не пересчитано" not in name and name not in AXIS]
    columns = dict(zip(headings, zip(*lines, strict=True), strict=True))
    points = [list(columns[name]) for name in names]
    assert points == [each["data"] for each in drawn["datasets"]]
    assert list(columns["Примечание"]) == drawn["notes"]
    assert any(Decimal(text) for own in points for text in own)


def test_unknown_point_is_empty_and_counted(file, alice):
    make_transaction(alice, usd_rate=None)

    headings, *lines = file(systems="")

    assert headings[1:3] == ["Все транзакции, USD", "Все транзакции, USD, не пересчитано"]
    assert lines[-1][1:3] == ["", "1"]
    assert lines[-2][1:3] == ["0", "0"]


def test_weeks_have_their_first_and_last_day(file):
    headings, *lines = file(date_from="2026-11-09", date_to="2026-11-24", step="week")

    assert headings[:2] == ["Первый день", "Последний день"]
    assert [line[:2] for line in lines][-1] == ["2026-11-23", "2026-11-24"]


def test_file_is_named_by_client_and_days_and_recorded(client, file, alice):
    answer = client.get(URL) if file() else None

    name = 'attachment; filename="alpha_chart_2026-11-17_2026-11-24.csv"'
    assert answer.headers["Content-Disposition"] == name
    client.head(URL)
    first, second = events("export")
    assert (first.target, first.details["date_from"]) == (URL, "2026-11-17")
    assert first.details == second.details


def test_page_offers_the_file_of_what_it_shows(board, alice):
    make_transaction(alice)

    page = board(measure="count", step="week")

    assertContains(page, 'href="/chart.csv?measure=count&amp;step=week"')


def test_wrong_filters_are_refused_with_reasons(client, alice):
    client.force_login(alice)

    answer = client.get(URL, {"date_from": "x"})

    assertContains(answer, "С: Это не дата.", status_code=400)
    assertContains(answer, 'href="./?date_from=x"', status_code=400)


def test_name_of_a_system_is_no_formula(file, alice):
    make_payment_system("sum", name="=SUM(A1)")
    make_wallet(alice.client, "w", payment_system="sum")

    assert "'=SUM(A1), USD" in file()[0]


@pytest.mark.parametrize("text", ["=1", "'=1", "-1", "-1+2", "", "UPI", "＝1", "+7 900"])
def test_escaped_text_is_read_back(text):
    assert unescape(escape_text(text)) == text


def test_file_has_nothing_of_another_client(file, charlie):
    make_transaction(charlie)

    assert all(line[1] == "0" for line in file()[1:])


def test_refused_file_leads_back_to_the_dashboard(client, alice):
    client.force_login(alice)

    page = client.get(URL, {"date_from": "foo"})

    assertContains(page, '<a class="btn btn-primary" href="./?date_from=foo">', status_code=400)
    assertContains(page, "Вернуться к дэшборду", status_code=400)
    assert "Вернуться к списку" in words(
        client.get("/payments/transactions/export.csv?date_from=foo")
    )
