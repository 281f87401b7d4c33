import re
from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.factories import days_ago, make_payment_system, make_transaction, make_wallet

pytestmark = pytest.mark.django_db


def test_transactions_tab_is_the_default(board):
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
def test_measure_and_kind_work_in_every_combination(board, alice, tab, kind, measure):
    make_transaction(alice, type="withdrawal" if tab == "withdrawals" else "real")

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


def test_chart_may_show_counts(chart, alice):
    make_transaction(alice)
    make_transaction(alice)

    assert chart(measure="count")["Все транзакции"][-1] == 2


def test_each_day_has_a_point_and_today_is_marked(client, alice):
    client.force_login(alice)

    answer = client.get("/chart.json", {"date_from": "2026-11-20"}).json()

    assert answer["labels"] == [f"2026-11-{day}" for day in range(20, 25)]
    assert answer["datasets"][0]["data"] == ["0"] * 5
    assert answer["datasets"][0]["firstUnfinished"] == 4
    assert answer["unfinished"] == "не закончен"


def test_past_period_has_no_unfinished_day(client, alice):
    client.force_login(alice)

    answer = client.get("/chart.json", {"date_from": "2026-11-01", "date_to": "2026-11-05"}).json()

    assert answer["datasets"][0]["firstUnfinished"] == 5


def test_days_to_come_are_unfinished(client, board, alice):
    """An import may bring rows up to the end of tomorrow: tomorrow's sum is no whole day's."""
    period = {"date_from": "2026-11-23", "date_to": "2026-11-25"}
    make_transaction(alice)

    assert client.get("/chart.json", period).json()["datasets"][0]["firstUnfinished"] == 1
    assertContains(board(**period), "<small>не закончен</small>", count=2)


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


def test_detail_has_a_panel_per_currency_of_arrival(chart, board, alice):
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


def test_total_series_can_be_hidden(chart, alice):
    assert "Все транзакции" in chart()
    assert "Все транзакции" not in chart(total="off")


def test_payment_systems_can_be_chosen(chart, alice, charlie):
    make_payment_system("bkash", name="bKash")
    make_wallet(alice.client, "w", payment_system="bkash")
    make_payment_system("nagad")
    make_wallet(charlie.client, "his", payment_system="nagad")

    assert list(chart()) == ["Все транзакции", "upi_l", "bKash"]
    assert list(chart(systems="bkash")) == ["Все транзакции", "bKash"]
    assert list(chart(systems=["", "upi_l"])) == ["Все транзакции", "upi_l"]
    assert list(chart(systems="")) == ["Все транзакции"]


def test_one_switch_toggles_all_payment_systems(board, alice):
    off = board().context["filter"].all_systems
    on = board(systems="").context["filter"].all_systems

    assert str(off.label) == "Платёжные системы (Все)"
    assert (off.pressed, off.state) == (True, [("systems", "")])
    assert (on.pressed, on.state) == (False, [])


def test_switch_is_half_pressed_for_some_payment_systems(board, alice):
    make_wallet(alice.client, "w", payment_system="bkash")

    response = board(systems="bkash")

    switch = response.context["filter"].all_systems
    assert (switch.pressed, switch.state) == (None, [])
    assertContains(response, 'aria-pressed="mixed"', count=1)


def test_empty_chart_says_that_nothing_is_chosen(board, chart):
    assertContains(board(total="off", systems=""), "Ничего не выбрано.")
    assert chart(total="off", systems="") == {}


def test_empty_tab_names_what_it_lacks(board, alice):
    make_transaction(alice)

    assertContains(board(tab="withdrawals"), "За этот период выводов нет.")
    assertContains(
        board(date_to="2026-11-20", date_from="2026-11-20"), "активированных транзакций нет."
    )


def test_tab_filters_survive_a_change_of_tab(board):
    response = board(detail="on", total="off", systems="upi_l")

    other = response.context["filter"].tabs[1]

    assert set(other.state) == {
        ("detail", "on"),
        ("total", "off"),
        ("systems", "upi_l"),
        ("tab", "withdrawals"),
    }


@pytest.mark.parametrize(("currency", "places"), [("JPY", 0), ("INR", 2), ("BHD", 3)])
def test_chart_has_the_decimal_places_of_its_currency(client, alice, currency, places):
    """Its own idea of them is another one: it writes MMK and IQD without any."""
    make_transaction(alice, currency=currency)
    client.force_login(alice)

    [dataset, _system] = client.get("/chart.json", {"detail": "on"}).json()["datasets"]

    assert (dataset["currency"], dataset["places"]) == (currency, places)


def test_dashboard_has_no_inline_styles(board, alice):
    """The content security policy would refuse it."""
    assertNotContains(board(chart="bar"), " style=")


def test_chart_is_not_cached(client, alice):
    client.force_login(alice)

    assert "no-store" in client.get("/chart.json").headers["Cache-Control"]


def test_chart_has_nothing_of_another_client(chart, alice, charlie):
    make_transaction(charlie)

    assert sum(chart()["Все транзакции"]) == 0


def test_button_keeps_its_id(board):
    """htmx gives the focus back to the element of the same id."""
    ids = [
        re.findall(r'id="([a-z-]+)"\s+class="pk-(?:choice|check)"', board(**state).content.decode())
        for state in ({}, {"tab": "withdrawals", "detail": "on", "systems": ""})
    ]

    assert ids[0] == ids[1]
    assert len(ids[0]) == len(set(ids[0])) == 11


@pytest.mark.parametrize("state", [{}, {"tab": "withdrawals"}, {"detail": "on"}, {"step": "day"}])
def test_chart_that_is_newer_than_its_page_differs_from_it(client, board, alice, state):
    make_transaction(alice)
    page = board(**state).context["chart"].fingerprint

    assert client.get("/chart.json", state).json()["fingerprint"] == page
    make_transaction(alice, type="withdrawal" if "tab" in state else "real")
    assert client.get("/chart.json", state).json()["fingerprint"] != page
