from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from tests.support.factories import make_payment_system, make_transaction, make_wallet
from tests.support.pages import errors, numbers, words

pytestmark = pytest.mark.django_db
URL = "/payments/transactions/"


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


def choices(response, name):
    field = response.context["filter"].form[name]
    return [str(option.choice_label) for option in field]


def test_wallet_type_filters_by_payment_system(open_list, alice, charlie):
    bkash = make_payment_system("bkash", name="bKash", currency="BDT", country="BD")
    make_transaction(alice, "upi")
    make_transaction(alice, "bkash", wallet=make_wallet(alice.client, "w", payment_system="bkash"))
    make_wallet(charlie.client, "his", payment_system=make_payment_system("nagad").code)

    response = open_list(payment_system=bkash.code)

    assert numbers(response) == ["bkash"]
    assert choices(response, "payment_system") == ["Все", "bKash", "upi_l"]


def test_several_wallet_types_are_joined_by_or(open_list, alice):
    for code in ("bkash", "nagad", "paytm"):
        wallet = make_wallet(alice.client, "w", payment_system=make_payment_system(code).code)
        make_transaction(alice, code, wallet=wallet)

    found = numbers(open_list(payment_system=["bkash", "nagad"]))

    assert sorted(found) == ["bkash", "nagad"]


def test_wallet_filters_by_one_wallet(open_list, alice):
    second = make_wallet(alice.client, "second")
    make_transaction(alice, "one")
    make_transaction(alice, "two", wallet=second)

    assert numbers(open_list(wallet=second.pk)) == ["two"]


def test_wallets_follow_the_wallet_type(open_list, alice):
    make_payment_system("bkash")
    make_wallet(alice.client, "of-bkash", payment_system="bkash")

    response = open_list(payment_system="bkash")

    assertContains(response, "of-bkash")
    assertNotContains(response, "alpha-1</option>")


def test_another_clients_wallet_is_not_offered(open_list, charlie):
    make_transaction(charlie, "HIS")
    his = make_wallet(charlie.client)

    response = open_list(wallet=his.pk)

    assertNotContains(response, "gamma-1")
    assertNotContains(response, "HIS")
    assert errors(response) == {"wallet": ["Выберите из списка."]}


@pytest.mark.parametrize(
    ("name", "field"),
    [("label", "label"), ("order_number", "order_number"), ("transaction_id", "number")],
)
def test_identifier_matches_whole_and_trimmed(open_list, alice, name, field):
    make_transaction(alice, **{"number": "x1"} | {field: "abc-1"})
    make_transaction(alice, **{"number": "x2"} | {field: "abc-12"})

    assert len(numbers(open_list(**{name: "  abc-1 "}))) == 1
    assert len(numbers(open_list(**{name: "abc-*"}))) == 2
    assert len(numbers(open_list(**{name: "ABC-1"}))) == 0


@pytest.mark.parametrize("name", ["label", "order_number", "transaction_id"])
def test_prefix_has_at_least_three_characters(open_list, name):
    assert errors(open_list(**{name: "ab*"})) == {
        name: ["Напишите перед «*» не меньше трёх символов."]
    }


@pytest.mark.parametrize("part", ["куЗНец", "রহিমা", "कुमार"])
def test_counterparty_matches_any_part_in_any_case_and_script(open_list, alice, part):
    make_transaction(alice, "found", counterparty="Иван КУЗНЕЦОВ রহিমা কুমার कुमार")
    make_transaction(alice, "other", counterparty="Somebody")

    assert numbers(open_list(counterparty=part)) == ["found"]


def test_counterparty_requires_three_characters(open_list):
    assert errors(open_list(counterparty="аб")) == {
        "counterparty": ["Напишите не меньше трёх символов."]
    }


@pytest.mark.parametrize("sign", ["%%%", "___", "\\\\\\"])
def test_pattern_characters_are_literal(open_list, alice, sign):
    make_transaction(alice, counterparty="Somebody")

    assert numbers(open_list(counterparty=sign)) == []


SQL = ["' or 1=1 --", "x' or 'a'='a", "%' or true or '%", '"; select pg_sleep(9) --', "$$ or $$"]


@pytest.mark.parametrize("sql", SQL)
def test_sql_in_a_text_filter_is_text(open_list, alice, subtests, sql):
    make_transaction(alice, "T1", label="L1", order_number="O1", counterparty="Somebody")

    for name in ("label", "order_number", "transaction_id", "counterparty"):
        with subtests.test(name=name):
            response = open_list(**{name: sql})

            assert (numbers(response), errors(response)) == ([], {})
            assertContains(response, f'value="{escape(sql)}"')


@pytest.mark.parametrize("sql", SQL)
def test_sql_is_no_valid_choice(open_list, alice, subtests, sql):
    make_transaction(alice, "T1")

    for name in ("type", "status", "currency", "payment_system", "wallet"):
        with subtests.test(name=name):
            response = open_list(**{name: sql})

            assert errors(response) == {name: ["Выберите из списка."]}
            assertNotContains(response, ">T1<")


def test_direction_filters(open_list, alice):
    make_transaction(alice, "in")
    make_transaction(alice, "out", direction="outgoing")

    assert numbers(open_list(direction="incoming")) == ["in"]
    assert numbers(open_list(direction="outgoing")) == ["out"]
    assert choices(open_list(), "direction") == ["Все", "Входящие", "Исходящие"]


@pytest.mark.parametrize("kind", ["fake", "real", "forced", "withdrawal"])
def test_transaction_type_filters(open_list, alice, kind):
    for each in ("fake", "real", "forced", "withdrawal"):
        make_transaction(alice, each, type=each)

    assert numbers(open_list(type=kind)) == [kind]


def test_transaction_type_offers_the_words_of_the_guide(open_list):
    words_of_guide = ["Все", "Фейковая", "Настоящая", "Принудительная", "Вывод"]

    assert choices(open_list(), "type") == words_of_guide


def test_several_types_are_one_more_choice(open_list, alice):
    for each in ("fake", "real", "forced"):
        make_transaction(alice, each, type=each)

    response = open_list(type=["real", "forced"])

    assert sorted(numbers(response)) == ["forced", "real"]
    assertContains(
        response,
        '<option value="real,forced" selected>Настоящая, Принудительная</option>',
        html=True,
    )
    assert sorted(numbers(open_list(type="real,forced"))) == ["forced", "real"]


def test_active_means_activated_and_inactive_the_rest(open_list, alice):
    others = ["not_activated", "declined", "pending", "processing", "failed", "cancelled"]
    for status in ["activated", *others]:
        make_transaction(alice, status, status=status)

    assert numbers(open_list(status="active")) == ["activated"]
    assert sorted(numbers(open_list(status="inactive"))) == sorted(others)
    assert len(numbers(open_list(status=""))) == 7
    assert choices(open_list(), "status") == ["Все", "Активные", "Неактивные"]


def test_country_offers_only_what_the_client_has(open_list, alice, charlie):
    make_transaction(alice, "india")
    make_transaction(alice, "bangladesh", country="BD")
    make_transaction(charlie, country="RU")

    response = open_list(country="BD")

    assert numbers(response) == ["bangladesh"]
    assert choices(response, "country") == ["Все", "Бангладеш", "Индия"]


def test_default_period_is_the_last_week_in_the_zone(open_list, alice):
    # In Kolkata 17 November begins at 18:30 UTC of the 16th; now is 24 November, 17:30 there.
    make_transaction(alice, "before", logged_at=datetime(2026, 11, 16, 18, 29, 59, tzinfo=UTC))
    make_transaction(alice, "first", logged_at=datetime(2026, 11, 16, 18, 30, tzinfo=UTC))
    make_transaction(alice, "last", logged_at=datetime(2026, 11, 24, 18, 29, 59, tzinfo=UTC))
    make_transaction(alice, "after", logged_at=datetime(2026, 11, 24, 18, 30, tzinfo=UTC))

    response = open_list()

    assert numbers(response) == ["last", "first"]
    assertContains(response, 'name="date_from" value="2026-11-17"')
    assertContains(response, 'name="date_to" value="2026-11-24"')
    assertContains(response, "Asia/Kolkata")


def test_empty_day_is_no_bound(open_list, alice):
    make_transaction(alice, "old", logged_at=datetime(2020, 1, 1, tzinfo=UTC))
    make_transaction(alice, "new")

    assert numbers(open_list(date_from="")) == ["new", "old"]
    assert numbers(open_list(date_from="", date_to="2020-01-02")) == ["old"]


def test_filters_combine_by_and(open_list, alice):
    make_transaction(alice, "both", label="user-1", type="forced")
    make_transaction(alice, "label", label="user-1")
    make_transaction(alice, "type", type="forced")

    assert numbers(open_list(label="user-1", type="forced", country="")) == ["both"]


def test_address_may_ask_for_statuses_and_unconverted_rows(open_list, alice):
    make_transaction(alice, "pending", status="pending")
    make_transaction(alice, "processing", status="processing", usd_rate=None)
    make_transaction(alice, "done")

    assert sorted(numbers(open_list(state=["pending", "processing"]))) == ["pending", "processing"]
    assert numbers(open_list(converted="no")) == ["processing"]


def test_sum_is_converted_to_the_chosen_currency(open_list, alice):
    make_transaction(alice, amount=Decimal("1000"), currency="INR", usd_rate=None)

    assert "входящие 1 000,00 INR" in words(open_list(currency="INR"))


BEYOND = "Страницы 2 нет, последняя — 1."
NO_MOMENT = "Это не момент. Напишите его так: 2026-11-24T14:05."


@pytest.mark.parametrize(
    ("condition", "field", "sentence"),
    [
        (
            {"date_from": "2026-11-25"},
            "date_from",
            "Дата «С» позже даты «По». Поменяйте их местами.",
        ),
        ({"date_from": "yesterday"}, "date_from", "Это не дата. Напишите её так: 2026-11-24."),
        ({"date_to": "2026-02-30"}, "date_to", "Это не дата. Напишите её так: 2026-11-24."),
        ({"date_to": "2026-1-1"}, "date_to", "Это не дата. Напишите её так: 2026-11-24."),
        ({"date_to": "9999-12-31"}, "date_to", "Выберите дату с 2000 по 2099 год."),
        ({"date_from": "0001-01-01"}, "date_from", "Выберите дату с 2000 по 2099 год."),
        ({"date_from": "2026-11-20\0"}, "date_from", "Это не дата. Напишите её так: 2026-11-24."),
        ({"direction": "sideways"}, "direction", "Выберите из списка."),
        ({"type": "imaginary"}, "type", "Выберите из списка."),
        ({"type": ["real", "imaginary"]}, "type", "Выберите из списка."),
        ({"status": "activated"}, "status", "Выберите из списка."),
        ({"status": "null"}, "status", "Выберите из списка."),
        ({"state": "gone"}, "state", "Выберите из списка."),
        ({"converted": "maybe"}, "converted", "Выберите из списка."),
        ({"arrival_currency": "XXX"}, "arrival_currency", "Выберите из списка."),
        ({"hour_from": "24"}, "hour_from", "Часы считаются от 0 до 23."),
        ({"hour_to": "-1"}, "hour_to", "Часы считаются от 0 до 23."),
        ({"hour_to": "9:30"}, "hour_to", "Часы считаются от 0 до 23."),
        (
            {"hour_from": "9", "hour_to": "8"},
            "hour_from",
            "Час «С» позже часа «По». Поменяйте их местами.",
        ),
        ({"until": "2026-11-24"}, "until", NO_MOMENT),
        ({"until": "2026-11-24T24:00"}, "until", NO_MOMENT),
        ({"until": "1999-12-31T10:00"}, "until", "Выберите дату с 2000 по 2099 год."),
        ({"currency": "XXX"}, "currency", "Выберите из списка."),
        ({"country": "XX"}, "country", "Выберите из списка."),
        ({"wallet": "text"}, "wallet", "Выберите из списка."),
        ({"wallet": "1" + "0" * 30}, "wallet", "Выберите из списка."),
        ({"payment_system": "no_such"}, "payment_system", "Выберите из списка."),
        ({"payment_system": "a\0b"}, "payment_system", "Выберите из списка."),
        ({"per_page": "1000000"}, "per_page", "Выберите из списка."),
        ({"status": ["active", "inactive"]}, "status", "Укажите здесь одно значение."),
        ({"page": "2"}, "page", BEYOND),
    ],
)
def test_invalid_value_is_an_error_without_rows(open_list, alice, condition, field, sentence):
    make_transaction(alice, "T1")

    response = open_list(**condition)

    assert response.status_code == 200
    assert errors(response)[field] == [sentence]
    assertContains(response, sentence)
    assertNotContains(response, ">T1<")


@pytest.mark.parametrize("page", ["0", "-1", "1" + "0" * 30, "1.5", "text", "\0"])
def test_invalid_page_is_an_error(open_list, alice, page):
    make_transaction(alice, "T1")

    response = open_list(page=page)

    assert response.status_code == 200
    assert list(errors(response)) == ["page"]
    assertNotContains(response, ">T1<")


@pytest.mark.parametrize("name", ["label", "order_number", "transaction_id", "counterparty"])
@pytest.mark.parametrize("text", ["a\0b", "x" * 10_000])
def test_invalid_text_is_an_error(open_list, name, text):
    response = open_list(**{name: text})

    assert response.status_code == 200
    assert list(errors(response)) == [name]


def test_form_keeps_what_was_typed(open_list):
    assertContains(open_list(label='"><b>user', page=0), "&quot;&gt;&lt;b&gt;user")


def test_address_is_decoded_once(client, alice):
    make_transaction(alice, "T1", label="%3Cb%3E")
    client.force_login(alice)

    response = client.get(f"{URL}?label=%253Cb%253E")

    assert numbers(response) == ["T1"]
    assertContains(response, 'value="%3Cb%3E"')


def test_page_stands_beside_an_error(open_list):
    assertContains(open_list(page=0), "Тип кошелька")


def test_phone_that_a_spreadsheet_shortened_is_refused_as_name(open_list, alice):
    make_transaction(alice, counterparty="Rahima")

    response = open_list(counterparty="8.80172E+12")

    assert "counterparty" in errors(response)
    assert response.context["totals"] is None
