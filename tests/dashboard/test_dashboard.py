"""The dashboard: rows D1–D17."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_payment_system, make_rate, make_transaction, make_wallet
from tests.pages import errors, words

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def board(client, alice):
    """Ask for the dashboard as Alice: `board(currency="INR")`."""
    client.force_login(alice)
    return lambda **state: client.get("/", state)


@pytest.fixture
def chart(client, alice):
    """Ask for the chart's JSON as Alice: label of the series → its points."""
    client.force_login(alice)

    def ask(**state):
        answer = client.get("/chart.json", state).json()
        return {d["label"] + d["panel"]: d["data"] for d in answer["datasets"]}

    return ask


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def card(response, name):
    """What a card says, as text."""
    section = re.search(
        rf'<section[^>]*data-pk-card="{name}".*?</section>', response.content.decode(), re.DOTALL
    )
    response.content = section.group().encode()
    return words(response)


def behind(client, response, name):
    """The list that the figure of a card leads to."""
    section = response.content.decode().split(f'data-pk-card="{name}"')[1]
    address = re.search(r'class="pk-figure"\s+href="([^"]*)"', section).group(1)
    return client.get(address.replace("&amp;", "&"))


def test_the_address_is_the_one_of_the_contract():
    assert reverse("dashboard:dashboard") == "/"
    assert reverse("dashboard:chart") == "/chart.json"


def test_it_sums_up_all_the_wallets_of_the_client_and_no_others(board, alice, charlie):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=2000, usd_rate="0.012", wallet=make_wallet(alice.client, "w2"))
    make_transaction(charlie, amount=999_999, usd_rate="0.012")

    assert "36,00 USD" in card(board(), "sum")


def test_currency_is_the_dollar_by_default_and_converts(board, alice):
    make_rate("INR", "0.0125", TODAY)
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=10, currency="USD", usd_rate=1)

    assert "22,00 USD" in card(board(), "sum")
    # 1000 INR as they are, and 10 USD at today's rate of the rupee: 10 / 0.0125.
    assert "1 800,00 INR" in card(board(currency="INR"), "sum")
    assertContains(board(), '<option value="USD" selected>$ USD</option>', html=True)


def test_what_has_no_rate_is_counted_beside_the_total(board, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=5000, usd_rate=None)

    shown = card(board(), "sum")

    assert "12,00 USD" in shown
    assert "не пересчитано: 1" in shown


def test_country_is_all_by_default_and_offers_only_the_clients(board, alice, charlie):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=500, usd_rate="0.012", country="BD")
    make_transaction(charlie, country="RU")

    response = board(country="BD")

    assert "6,00 USD" in card(board(country="BD"), "sum")
    assertContains(response, "Бангладеш")
    assertNotContains(response, "Россия")
    assertContains(board(), '<option value="" selected>Все</option>', html=True)


def test_the_period_is_a_week_before_today_to_today_both_included(board, alice):
    make_transaction(alice, logged_at=datetime(2026, 11, 16, 18, 30, tzinfo=UTC))
    make_transaction(alice, logged_at=datetime(2026, 11, 16, 18, 29, 59, tzinfo=UTC))
    make_transaction(alice)

    response = board()

    assertContains(response, 'name="date_from" value="2026-11-17"')
    assertContains(response, 'name="date_to" value="2026-11-24"')
    assert "транзакций 2 17.11.2026 – 24.11.2026, Asia/Kolkata" in card(response, "count")


def test_the_address_carries_the_state_and_reset_goes_back(board, alice):
    response = board(currency="INR", tab="withdrawals", measure="count")

    assertContains(response, '<input type="hidden" name="tab" value="withdrawals">', html=True)
    assertContains(response, '<input type="hidden" name="measure" value="count">', html=True)
    assertContains(response, "Найти")
    assert re.search(r'<a class="btn" href="/"[^>]*>Сбросить</a>', response.content.decode())


@pytest.mark.parametrize(
    ("state", "field", "sentence"),
    [
        (
            {"date_from": "2026-11-25"},
            "date_from",
            "Дата «С» позже даты «По». Поменяйте их местами.",
        ),
        ({"date_from": "x"}, "date_from", "Это не дата. Напишите её так: 2026-11-24."),
        ({"date_to": ""}, "date_to", "Обязательное поле."),
        ({"date_to": "9999-12-31"}, "date_to", "Выберите дату с 2000 по 2099 год."),
        ({"date_from": "2025-11-23"}, "date_from", "Выберите период не длиннее 366\xa0дней."),
        ({"currency": "XXX"}, "currency", "Выберите из списка."),
        ({"country": "\0"}, "country", "Выберите из списка."),
        ({"tab": "other"}, "tab", "Выберите из списка."),
        ({"measure": "median"}, "measure", "Выберите из списка."),
        ({"chart": "pie"}, "chart", "Выберите из списка."),
        ({"detail": "1"}, "detail", "Выберите из списка."),
        ({"total": "yes"}, "total", "Выберите из списка."),
        ({"systems": ["upi_l", "no_such"]}, "systems", "Выберите из списка."),
    ],
)
def test_a_wrong_value_says_so_at_its_field_and_the_rest_of_the_page_stands(
    client, board, state, field, sentence
):
    response = board(**state)

    assert response.status_code == 200
    assert errors(response)[field] == [sentence]
    assertContains(response, sentence)
    assertContains(response, "Сумма выводов за сегодня")
    answer = client.get("/chart.json", state)
    assert answer.status_code == 400
    assert answer.json()["errors"][field] == [sentence]


def test_366_days_are_not_too_many(board):
    assert errors(board(date_from="2025-11-24")) == {}


@pytest.mark.parametrize(
    "row",
    [{"status": "pending"}, {"type": "fake"}, {"type": "withdrawal"}, {"direction": "outgoing"}],
)
def test_only_activated_real_and_forced_pay_ins_count(board, alice, row):
    make_transaction(alice, usd_rate="0.012")
    make_transaction(alice, usd_rate="0.012", type="forced")
    make_transaction(alice, usd_rate="0.012", **row)

    assert "24,00 USD" in card(board(), "sum")
    assert "транзакций 2 " in card(board(), "count")


def test_fakes_are_counted_in_sight_beside_the_total(board, alice):
    make_transaction(alice, type="fake")
    make_transaction(alice, type="fake")

    assert "без 2 фейковых" in card(board(), "sum")


def test_withdrawals_are_of_today_whatever_the_period(board, alice):
    make_transaction(alice, type="withdrawal", amount=500, usd_rate="0.012")
    make_transaction(alice, type="withdrawal", amount=700, logged_at=days_ago(1))
    make_transaction(alice, type="withdrawal", amount=900, status="pending", usd_rate="0.01")

    shown = card(board(date_from="2026-10-01", date_to="2026-10-02"), "withdrawals")

    assert "за сегодня 6,00 USD 24.11.2026, Asia/Kolkata" in shown
    assert "ещё в обработке: 9,00 USD (1)" in shown


def test_withdrawals_obey_currency_and_country(board, alice):
    make_transaction(alice, type="withdrawal", amount=500)
    make_transaction(alice, type="withdrawal", amount=300, country="BD")

    assert "300,00 INR" in card(board(currency="INR", country="BD"), "withdrawals")


def test_today_is_the_clients_day(board, alice):
    """At noon UTC it is 24 November in Kolkata, which began at 18:30 UTC of the 23rd."""
    make_transaction(
        alice, type="withdrawal", amount=1, logged_at=datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    )
    make_transaction(
        alice, type="withdrawal", amount=2, logged_at=datetime(2026, 11, 23, 18, 29, tzinfo=UTC)
    )

    assert " 1,00 INR" in card(board(currency="INR"), "withdrawals")


@pytest.mark.parametrize("name", ["sum", "count", "withdrawals"])
def test_a_number_opens_its_rows_and_they_prove_it(client, board, alice, name):
    make_transaction(alice, amount=1000)
    make_transaction(alice, amount=500, type="forced", country="BD")
    make_transaction(alice, type="fake")
    make_transaction(alice, type="withdrawal", amount=70)
    make_transaction(alice, type="withdrawal", amount=80, status="pending")
    response = board(currency="INR")

    totals = behind(client, response, name).context["filter"].totals

    summary = response.context["summary"]
    shown = summary.withdrawals_today if name == "withdrawals" else summary.pay_ins
    assert totals.total() == shown.total
    assert totals.count


def test_the_tab_of_transactions_is_the_default(board):
    response = board()

    assert [(str(c.label), c.pressed) for c in response.context["filter"].tabs] == [
        ("Транзакции", True),
        ("Выводы", False),
    ]


def test_both_tabs_have_a_chart_by_day(chart, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012", logged_at=days_ago(1))
    make_transaction(alice, amount=500, usd_rate="0.012", type="withdrawal")

    assert chart()["Все транзакции"] == [0, 0, 0, 0, 0, 0, 12.0, 0]
    assert chart(tab="withdrawals")["Все выводы"] == [0, 0, 0, 0, 0, 0, 0, 6.0]


@pytest.mark.parametrize("tab", ["transactions", "withdrawals"])
@pytest.mark.parametrize("kind", ["line", "bar"])
@pytest.mark.parametrize("measure", ["sum", "count"])
def test_measure_and_kind_work_in_every_combination(board, tab, kind, measure):
    response = board(tab=tab, chart=kind, measure=measure)

    assertContains(response, f'data-pk-chart-kind="{kind}"')
    pressed = [str(c.label) for c in response.context["filter"].measures if c.pressed]
    pressed += [str(c.label) for c in response.context["filter"].charts if c.pressed]
    assert pressed == [
        {"sum": "Сумма", "count": "Количество"}[measure],
        {"line": "График", "bar": "Гистограмма"}[kind],
    ]
    for id_, word in zip((f"measure-{measure}", f"chart-{kind}"), pressed, strict=True):
        button = f'<button type="submit" id="{id_}" class="pk-choice" aria-pressed="true">'
        assertContains(response, f"{button}{word}</button>", html=True)


def test_counts_are_drawn_when_asked(chart, alice):
    make_transaction(alice)
    make_transaction(alice)

    assert chart(measure="count")["Все транзакции"][-1] == 2


def test_each_day_of_the_period_has_a_point_and_today_is_marked(client, alice):
    client.force_login(alice)

    answer = client.get("/chart.json", {"date_from": "2026-11-20"}).json()

    assert answer["labels"] == [f"2026-11-{day}" for day in range(20, 25)]
    assert answer["datasets"][0]["data"] == [0, 0, 0, 0, 0]
    assert answer["datasets"][0]["unfinished"] == 4


def test_a_period_that_is_over_has_no_unfinished_day(client, alice):
    client.force_login(alice)

    answer = client.get("/chart.json", {"date_from": "2026-11-01", "date_to": "2026-11-05"}).json()

    assert answer["datasets"][0]["unfinished"] is None


def test_points_add_up_to_the_cards(board, alice):
    for days in range(8):
        make_transaction(
            alice, amount=Decimal("333.33"), usd_rate="0.0119", logged_at=days_ago(days)
        )
        make_transaction(
            alice, amount=Decimal("55.55"), type="withdrawal", logged_at=days_ago(days)
        )

    response = board()
    pay_ins = response.context["chart"].series[0]
    withdrawals = board(tab="withdrawals").context["chart"].series[0]

    assert sum(pay_ins.points) == response.context["summary"].pay_ins.total.amount
    assert withdrawals.points[-1] == response.context["summary"].withdrawals_today.total.amount
    counts = board(measure="count").context["chart"].series[0]
    assert sum(counts.points) == response.context["summary"].pay_ins.total.count == 8


def test_detail_has_a_panel_for_each_currency_of_arrival_unconverted(chart, board, alice):
    make_transaction(alice, amount=1000)
    make_transaction(alice, amount=70, currency="BDT", usd_rate=None)

    found = chart(detail="on")

    assert found["Все транзакцииINR"][-1] == 1000
    assert found["Все транзакцииBDT"][-1] == 70
    for currency in ("BDT", "INR"):
        assertContains(board(detail="on"), f'data-pk-panel="{currency}"', count=1)
    counts = chart(detail="on", measure="count")
    assert counts["Все транзакцииINR"][-1] == counts["Все транзакцииBDT"][-1] == 1


def test_detail_works_with_both_tab_filters(chart, alice):
    make_payment_system("bkash", name="bKash", currency="BDT", country="BD")
    make_transaction(alice, amount=1000)
    make_transaction(
        alice, amount=70, wallet=make_wallet(alice.client, "w", payment_system="bkash")
    )

    assert set(chart(detail="on", total="off")) == {"upi_lINR", "bKashBDT"}
    assert set(chart(detail="on", systems="bkash")) == {
        "Все транзакцииINR",
        "Все транзакцииBDT",
        "bKashBDT",
    }


def test_the_total_series_is_on_by_default_and_can_be_hidden(chart, alice):
    assert "Все транзакции" in chart()
    assert "Все транзакции" not in chart(total="off")


def test_payment_systems_are_all_on_by_default_and_can_be_chosen(chart, alice, charlie):
    make_payment_system("bkash", name="bKash")
    make_wallet(alice.client, "w", payment_system="bkash")
    make_payment_system("nagad")
    make_wallet(charlie.client, "his", payment_system="nagad")

    assert list(chart()) == ["Все транзакции", "bKash", "upi_l"]
    assert list(chart(systems="bkash")) == ["Все транзакции", "bKash"]
    assert list(chart(systems=["", "upi_l"])) == ["Все транзакции", "upi_l"]
    assert list(chart(systems="")) == ["Все транзакции"]


def test_one_switch_turns_all_payment_systems_off_and_on(board, alice):
    off = board().context["filter"].all_systems
    on = board(systems="").context["filter"].all_systems

    assert str(off.label) == "Платёжные системы (Все)"
    assert (off.pressed, off.state) == (True, [("systems", "")])
    assert (on.pressed, on.state) == (False, [])


def test_with_nothing_chosen_the_chart_says_so(board, chart):
    assertContains(board(total="off", systems=""), "Ничего не выбрано.")
    assert chart(total="off", systems="") == {}


def test_the_tab_filters_are_kept_when_the_tab_changes(board):
    response = board(detail="on", total="off", systems="upi_l")

    other = response.context["filter"].tabs[1]

    assert set(other.state) == {
        ("detail", "on"),
        ("total", "off"),
        ("systems", "upi_l"),
        ("tab", "withdrawals"),
    }


def test_the_same_numbers_stand_in_a_table(board, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")

    assert "24.11.2026 (не закончен) 12,00 USD" in words(board())


def test_the_chart_is_kept_by_no_cache(client, alice):
    client.force_login(alice)

    assert "no-store" in client.get("/chart.json").headers["Cache-Control"]


def test_the_chart_shows_nothing_of_a_stranger(chart, alice, charlie):
    make_transaction(charlie)

    assert sum(chart()["Все транзакции"]) == 0


@pytest.mark.parametrize(("tab", "sets"), [("transactions", 4), ("withdrawals", 5)])
def test_each_set_of_rows_is_aggregated_once(
    board, alice, django_assert_num_queries, django_assert_max_num_queries, tab, sets
):
    """Pay-ins, fakes, withdrawals and what is under way; the tab of pay-ins needs no other."""
    for payment_system in ("bkash", "nagad"):
        wallet = make_wallet(alice.client, payment_system=payment_system)
        make_transaction(alice, wallet=wallet, currency="BDT")

    with django_assert_max_num_queries(25) as asked:
        board(tab=tab, detail="on")

    aggregations = [query for query in asked.captured_queries if "SUM(" in query["sql"]]
    assert len(aggregations) == sets
    make_transaction(alice, wallet=make_wallet(alice.client, "w", payment_system="upi"))
    with django_assert_num_queries(len(asked)):
        board(tab=tab, detail="on")


def test_a_button_keeps_its_id_whatever_it_would_change(board):
    """htmx gives the focus back to the element of the same id."""
    ids = [
        re.findall(r'id="([a-z-]+)"\s+class="pk-choice"', board(**state).content.decode())
        for state in ({}, {"tab": "withdrawals", "detail": "on", "systems": ""})
    ]

    assert ids[0] == ids[1]
    assert len(ids[0]) == len(set(ids[0])) == 9


@pytest.mark.parametrize("address", ["/", "/chart.json"])
def test_visitors_sign_in_first(client, address):
    assert client.get(address).headers["Location"] == f"/login/?next={address}"
