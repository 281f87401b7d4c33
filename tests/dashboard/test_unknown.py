import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.dashboard.test_dashboard import card
from tests.support.factories import days_ago, make_transaction, make_wallet, worker
from tests.support.pages import csv_rows, words
from transactions.models import Transaction

pytestmark = pytest.mark.django_db

WHY = "на эти дни нет курса. Попросите администратора его загрузить"
LIST = "/payments/transactions/"


def test_fully_unconverted_sum_is_a_dash_with_reason(board, alice):
    make_transaction(alice, usd_rate=None)
    make_transaction(alice, type="withdrawal", usd_rate=None)
    make_transaction(alice, type="withdrawal", status="pending", usd_rate=None)

    for name in ("sum", "withdrawals"):
        shown = card(board(), name)
        assert "0,00" not in shown
        assert " — " in shown
        assert "не пересчитано: 1" in shown
        assert WHY in shown
    assert "ещё в обработке: — (1)" in card(board(), "withdrawals")
    assert "Пересчитать не удалось" in card(board(), "withdrawals")


def test_fully_unconverted_sum_is_a_dash_in_any_currency(board, alice):
    make_transaction(alice, currency="BDT")

    assert " — " in card(board(currency="INR"), "sum")
    assert WHY in card(board(currency="INR"), "sum")


def test_partly_converted_sum_keeps_its_number(board, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, usd_rate=None)

    shown = card(board(), "sum")

    assert "12,00 USD" in shown
    assert "не пересчитано: 1" in shown
    assert WHY not in shown


def test_partly_converted_day_says_what_it_misses(board, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, usd_rate=None)
    make_transaction(alice, usd_rate=None)

    page = words(board())

    assert "12,00 не пересчитано: 2 12,00 не пересчитано: 2" in page  # of all, of the one system
    assert "Все транзакции: 12,00 USD не пересчитано: 2" in page


def test_todays_withdrawals_say_what_they_miss(board, alice):
    make_transaction(alice, type="withdrawal", amount=1000, usd_rate="0.012")
    make_transaction(alice, type="withdrawal", usd_rate=None)
    make_transaction(alice, type="withdrawal", status="pending", usd_rate=None)

    shown = card(board(), "withdrawals")

    assert "Asia/Kolkata · не пересчитано: 1 ещё в обработке: — (1) · не пересчитано: 1" in shown
    assert shown.index("не пересчитано: 1 ещё") < shown.index(WHY)
    assert shown.count(WHY) == 1
    assert "Выводы в обработке пересчитать не удалось" in shown


def test_nothing_yet_is_a_sum_beside_withdrawals_in_progress_without_a_rate(board, alice):
    make_transaction(alice, type="withdrawal", status="pending", usd_rate=None)

    shown = card(board(), "withdrawals")

    assert "за сегодня 0,00 USD" in shown
    assert "Выводы в обработке пересчитать не удалось" in shown


def test_withdrawals_of_today_without_a_rate_are_named_beside_those_in_progress(board, alice):
    make_transaction(alice, type="withdrawal", usd_rate=None)
    make_transaction(alice, type="withdrawal", status="pending", usd_rate="0.012")

    shown = card(board(), "withdrawals")

    assert "Завершённые выводы пересчитать не удалось" in shown
    assert shown.count(WHY) == 1


def test_sum_of_no_transactions_is_zero(board, alice):
    assert "0,00 USD" in card(board(), "sum")
    assertNotContains(board(), WHY)


def test_unknown_day_has_no_point_and_a_dash(client, board, chart, alice):
    make_transaction(alice, usd_rate=None, logged_at=days_ago(1))
    make_transaction(alice, amount=1000, usd_rate="0.012")

    assert chart()["Все транзакции"] == [0, 0, 0, 0, 0, 0, None, 12]
    of_day = "23.11.2026 — не пересчитано: 1 — не пересчитано: 1"
    assert f"{of_day} 24.11.2026 не закончен 12,00 12,00" in words(board())
    assert "Итого 12,00 не пересчитано: 1" in words(board())
    assert chart(measure="count")["Все транзакции"][-2:] == [1, 1]


def test_legend_shows_a_dash_for_an_unknown_sum(board, alice):
    make_transaction(alice, usd_rate=None)

    legend = board().content.decode().split('class="pk-legend"')[1].split("data-pk-chart-url")[0]

    assert len(re.findall(r"</span>\s*—\s*</a>", legend)) == 2
    assert legend.count("не пересчитано: 1") == 2


def test_what_the_parts_miss_adds_up_to_what_their_total_misses(client, board, alice):
    other = make_wallet(alice.client, payment_system="bkash")
    make_transaction(alice, amount=1000, usd_rate="0.012")
    for ago in (0, 1, 1):
        make_transaction(alice, usd_rate=None, logged_at=days_ago(ago))
    make_transaction(alice, wallet=other, usd_rate=None, logged_at=days_ago(2))

    table = board().content.decode().split('id="days"')[1]
    datasets = client.get("/chart.json").json()["datasets"]

    counts = [int(n) for n in re.findall(r"не пересчитано: (\d+)", table)]
    assert counts == [1, 1, 2, 2, 1, 1, 4, 3, 1]  # by day, of all and of the system; in the end
    noted = [sum(int(n.split(": ")[1]) for n in each["notes"] if n) for each in datasets]
    assert noted == [4, 3, 1]


def test_emptied_total_is_not_unknown(board, chart, alice):
    """A kept total of a day may be left with no rows."""
    row = make_transaction(alice, usd_rate=None)
    make_transaction(alice, usd_rate=None, logged_at=days_ago(1))
    with worker():
        Transaction.unscoped.filter(pk=row.pk).delete()

    assert chart()["Все транзакции"][-2:] == [None, 0]


def test_unknown_sum_of_a_list_is_a_dash_with_reason(client, alice):
    make_transaction(alice, usd_rate=None)
    client.force_login(alice)

    response = client.get(LIST)

    assertContains(response, '<dd class="pk-incoming" data-pk-converted="incoming USD">')
    assert "входящие — не пересчитано: 1" in words(response)
    assert WHY in words(response)


@pytest.mark.parametrize(
    ("unknown", "known", "named"),
    [("incoming", "outgoing", "Входящие"), ("outgoing", "incoming", "Исходящие")],
)
def test_a_list_names_the_direction_that_could_not_be_converted(
    client, alice, unknown, known, named
):
    make_transaction(alice, direction=unknown, usd_rate=None)
    make_transaction(alice, direction=known, usd_rate="0.012")
    client.force_login(alice)

    shown = words(client.get(LIST))

    assert f"{named} пересчитать не удалось: {WHY}" in shown
    assert "Пересчитать не удалось" not in shown


def test_unknown_value_is_empty_in_an_export(client, alice):
    make_transaction(alice, usd_rate=None)
    client.force_login(alice)

    [row] = csv_rows(client.get(f"{LIST}export.csv"))

    assert (row["usd_rate"], row["amount_usd"]) == ("", "")


def test_currency_that_money_arrived_in_is_offered(board, alice):
    make_transaction(alice, currency="THB", usd_rate=None)

    assert '<option value="THB">' in board().content.decode()


def test_system_whose_sum_is_not_known_is_drawn_before_those_with_nothing(chart, alice):
    for number in range(9):
        make_wallet(alice.client, payment_system=f"system_{number}")
    wallet = make_wallet(alice.client, payment_system="unknown")
    make_transaction(alice, wallet=wallet, usd_rate=None)

    assert "unknown" in chart()
