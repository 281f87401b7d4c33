import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.factories import days_ago, make_rate, make_transaction, make_wallet
from tests.support.pages import errors, numbers, words

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def card(response, name):
    section = re.search(
        rf'<section[^>]*data-pk-card="{name}".*?</section>', response.content.decode(), re.DOTALL
    )
    response.content = section.group().encode()
    return words(response)


def behind(client, response, name):
    section = response.content.decode().split(f'data-pk-card="{name}"')[1]
    address = re.search(r'class="pk-figure"\s+href="([^"]*)"', section).group(1)
    return client.get(address.replace("&amp;", "&"))


def test_address_matches_the_contract():
    assert reverse("dashboard:dashboard") == "/"
    assert reverse("dashboard:chart") == "/chart.json"


def test_cards_sum_up_only_the_clients_wallets(board, alice, charlie):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=2000, usd_rate="0.012", wallet=make_wallet(alice.client, "w2"))
    make_transaction(charlie, amount=999_999, usd_rate="0.012")

    assert "36,00 USD" in card(board(), "sum")


def test_sums_are_converted_to_dollars_by_default(board, alice):
    make_rate("INR", "0.0125", TODAY)
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=10, currency="USD", usd_rate=1)

    assert "22,00 USD" in card(board(), "sum")
    # 1000 INR as they are, and 10 USD at today's rate of the rupee: 10 / 0.0125.
    assert "1 800,00 INR" in card(board(currency="INR"), "sum")
    assertContains(board(), '<option value="USD" selected>$ USD</option>', html=True)


def test_unconverted_transactions_are_counted_beside_the_total(board, alice):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=5000, usd_rate=None)

    shown = card(board(), "sum")

    assert "12,00 USD" in shown
    assert "не пересчитано: 1" in shown


def test_country_offers_only_the_clients_countries(board, alice, charlie):
    make_transaction(alice, amount=1000, usd_rate="0.012")
    make_transaction(alice, amount=500, usd_rate="0.012", country="BD")
    make_transaction(charlie, country="RU")

    response = board(country="BD")

    assert "6,00 USD" in card(board(country="BD"), "sum")
    assertContains(response, "Бангладеш")
    assertNotContains(response, "Россия")
    assertContains(board(), '<option value="" selected>Все</option>', html=True)


def test_default_period_is_the_last_week(board, alice):
    make_transaction(alice, logged_at=datetime(2026, 11, 16, 18, 30, tzinfo=UTC))
    make_transaction(alice, logged_at=datetime(2026, 11, 16, 18, 29, 59, tzinfo=UTC))
    make_transaction(alice)

    response = board()

    assertContains(response, 'name="date_from" value="2026-11-17"')
    assertContains(response, 'name="date_to" value="2026-11-24"')
    shown = card(response, "count")
    assert "транзакций 2 " in shown and "17.11.2026 – 24.11.2026, Asia/Kolkata" in shown


def test_address_has_the_state_and_reset_clears_it(board, alice):
    response = board(currency="INR", tab="withdrawals", measure="count")

    assertContains(response, '<input type="hidden" name="tab" value="withdrawals">', html=True)
    assertContains(response, '<input type="hidden" name="measure" value="count">', html=True)
    assertContains(response, "Найти")
    assert re.search(r'<a class="pk-reset"\s+href="/"[^>]*>Сбросить</a>', response.content.decode())


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
def test_invalid_value_is_an_error_at_its_field(client, board, state, field, sentence):
    response = board(**state)

    assert response.status_code == 200
    assert errors(response)[field] == [sentence]
    assertContains(response, sentence)
    assertContains(response, "Сумма выводов за сегодня")
    answer = client.get("/chart.json", state)
    assert answer.status_code == 400
    assert answer.json()["errors"][field] == [sentence]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "Исправьте отмеченные поля, и данные появятся."),
        ("en", "Correct the marked fields, and the data will be shown."),
    ],
)
def test_wrong_dates_do_not_deny_the_card_of_today(client, board, language, sentence):
    client.cookies["django_language"] = language

    page = words(client.get("/?date_from=2026-12-05&date_to=2026-12-01"))

    assert sentence in page
    assert "0,00 USD" in page or "0.00 USD" in page


def test_366_days_are_accepted(board):
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


@pytest.mark.parametrize("first", ["2026-11-17", "2025-11-25"])
def test_fakes_are_counted_beside_the_total(board, alice, first):
    make_transaction(alice, type="fake")
    make_transaction(alice, type="fake")
    make_transaction(alice, type="fake", logged_at=days_ago(400))

    assert "без 2 фейковых" in card(board(date_from=first), "sum")


def test_unconverted_count_links_to_its_rows(board, client, alice):
    make_transaction(alice, "CONVERTED", usd_rate="0.012")
    make_transaction(alice, "NOT", usd_rate=None)

    address = board().context["summary"].not_converted.address

    assert f'href="{escape(address)}"' in board().content.decode()
    assert numbers(client.get(address)) == ["NOT"]


def test_unconverted_count_depends_on_the_currency(board, client, alice):
    """A row in the currency itself needs none; a day without a rate of it has none at all."""
    make_rate("INR", "0.0125", TODAY)
    make_transaction(alice, "OWN", usd_rate=None)
    make_transaction(alice, "CONVERTED", currency="BDT", usd_rate="0.008")
    make_transaction(alice, "NO RATE", currency="BDT", usd_rate=None)
    make_transaction(alice, "NO RATE OF THE DAY", currency="BDT", logged_at=days_ago(1))

    summary = board(currency="INR").context["summary"]

    assert summary.pay_ins.total.unconverted == 2
    assert numbers(client.get(summary.not_converted.address)) == ["NO RATE", "NO RATE OF THE DAY"]


def test_withdrawals_are_always_todays(board, alice):
    make_transaction(alice, type="withdrawal", amount=500, usd_rate="0.012")
    make_transaction(alice, type="withdrawal", amount=700, logged_at=days_ago(1))
    make_transaction(alice, type="withdrawal", amount=900, status="pending", usd_rate="0.01")

    shown = card(board(date_from="2026-10-01", date_to="2026-10-02"), "withdrawals")

    assert "за сегодня 6,00 USD " in shown and " 24.11.2026, Asia/Kolkata" in shown
    assert "ещё в обработке: 9,00 USD (1)" in shown


def test_withdrawals_follow_currency_and_country(board, alice):
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
def test_number_links_to_the_rows_it_sums(client, board, alice, name):
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


@pytest.mark.parametrize(
    ("tab", "detail", "sets"),
    [("transactions", "off", 1), ("transactions", "on", 2), ("withdrawals", "on", 2)],
)
def test_each_selection_is_aggregated_once(
    board, alice, django_assert_num_queries, django_assert_max_num_queries, tab, detail, sets
):
    """Cards and their lines, from which pay-ins are drawn, too; a chart of neither."""
    for payment_system in ("bkash", "nagad"):
        wallet = make_wallet(alice.client, payment_system=payment_system)
        make_transaction(alice, wallet=wallet, currency="BDT")

    board()  # what can be chosen is kept
    with django_assert_max_num_queries(25) as asked:
        board(tab=tab, detail=detail)

    aggregations = [
        q for q in asked.captured_queries if "SUM(" in q["sql"] or "ARRAY_AGG(" in q["sql"]
    ]
    assert len(aggregations) == sets
    queries = len(asked)
    make_transaction(alice, wallet=make_wallet(alice.client, "w", payment_system="upi"))
    board()  # there is more to choose from
    with django_assert_num_queries(queries):
        board(tab=tab, detail=detail)


@pytest.mark.parametrize("address", ["/", "/chart.json"])
def test_anonymous_visitor_must_sign_in(client, address):
    assert client.get(address).headers["Location"] == f"/login/?next={address}"
