from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from paykassma_admin.lists import counting
from tests.support.factories import make_accumulation
from tests.support.pages import errors, numbers, words

pytestmark = pytest.mark.django_db
URL = "/payments/accumulations/"


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(URL, conditions)


def test_breadcrumbs_and_title_follow_the_guide(open_list):
    response = open_list()

    assert reverse("accumulations:list") == URL
    assert "Оплаты Накопления" in words(response)
    assertContains(response, "Список накоплений")


def test_list_shows_only_the_clients_accumulations(open_list, alice, charlie):
    make_accumulation(alice, "HERS")
    make_accumulation(charlie, "HIS")

    response = open_list()

    assertContains(response, "HERS")
    assertNotContains(response, "HIS")


def test_columns_follow_the_guides_order(open_list, alice):
    make_accumulation(
        alice,
        "A-7",
        amount=Decimal("5000.5"),
        label="user-3",
        formed_at=datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC),
    )

    assert (
        "ID Сумма накоплений Лейбл Дата формирования"
        " A-7 5 000,50 INR user-3 24.11.2026 14:02:51" in words(open_list())
    )


def test_label_matches_whole_or_by_prefix(open_list, alice):
    make_accumulation(alice, "one", label="user-1")
    make_accumulation(alice, "two", label="user-12")

    assert numbers(open_list(label="user-1")) == ["one"]
    assert sorted(numbers(open_list(label="user-*"))) == ["one", "two"]


@pytest.mark.parametrize(
    "typed", ["\u200buser-1\ufeff", "'user-1'", "Label: user-1", "user\u20111"]
)
def test_a_label_is_found_as_it_was_copied(open_list, alice, typed):
    make_accumulation(alice, "one", label="user-1" if "\u2011" not in typed else "user1")

    assert numbers(open_list(label=typed)) == ["one"]


def test_invalid_label_is_an_error(open_list):
    assert errors(open_list(label="user\u200b1")) == {
        "label": ["Содержит невидимый символ (U+200B)."]
    }


def test_default_period_is_the_last_week_by_date_formed(open_list, alice):
    make_accumulation(alice, "before", formed_at=datetime(2026, 11, 16, 18, 29, 59, tzinfo=UTC))
    make_accumulation(alice, "first", formed_at=datetime(2026, 11, 16, 18, 30, tzinfo=UTC))
    make_accumulation(alice, "after", formed_at=datetime(2026, 11, 24, 18, 30, tzinfo=UTC))

    assert numbers(open_list()) == ["first"]
    assert numbers(open_list(date_from="")) == ["first", "before"]


def test_list_shows_count_and_sums_by_currency(open_list, alice):
    make_accumulation(alice, "1", amount=Decimal("10.10"))
    make_accumulation(alice, "2", amount=Decimal("20"))
    make_accumulation(alice, "3", amount=Decimal("5"), currency="BDT")

    assert "Найдено 3 накопления 5,00 BDT 30,10 INR" in words(open_list())


def test_list_has_find_reset_and_refresh_buttons(open_list):
    response = open_list(label="user-1")

    assertContains(response, "Найти")
    assertContains(response, f'href="{URL}"')
    assertContains(response, f'href="{URL}?label=user-1"')
    assert "обновлено 17:30" in words(response)


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        ({"date_from": "2026-11-25"}, "date_from"),
        ({"date_to": "9999-01-01"}, "date_to"),
        ({"label": "a\0"}, "label"),
        ({"label": "ab*"}, "label"),
        ({"page": "0"}, "page"),
        ({"page": "99"}, "page"),
    ],
)
def test_invalid_value_is_an_error_without_rows(open_list, alice, condition, field):
    make_accumulation(alice, "A-7")

    response = open_list(**condition)

    assert response.status_code == 200
    assert list(errors(response)) == [field]
    assertNotContains(response, "A-7")


@pytest.fixture
def as_many_as_are_added_up(alice, monkeypatch):
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", 25)
    for number in range(25):
        make_accumulation(alice, str(number))


def test_accumulations_are_added_up_to_a_bound(open_list, as_many_as_are_added_up):
    assert "Найдено 25 накоплений 125 000,00 INR" in words(open_list(label="user-1"))


def test_no_sum_is_shown_beyond_the_bound(open_list, alice, as_many_as_are_added_up):
    make_accumulation(alice, "one more")

    response = open_list(label="user-1")

    assert "Найдено больше 25 накоплений Суммы для такого количества" in words(response)
    assertNotContains(response, "data-pk-sum")
    assert len(numbers(response)) == 25
    assert "Страницы 2 нет, последняя — 1, хотя строк больше." in words(
        open_list(label="user-1", page=2)
    )


def test_empty_list_names_its_objects(open_list):
    said = words(open_list(label="nobody"))

    assert "За выбранные дни таких накоплений нет. Лейбл ищется целиком" in said
    assert "омер заказа" not in said
    assert "ID транзакции" not in said
