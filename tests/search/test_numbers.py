"""Numbers that are pasted together."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from search import numbers
from tests.support.factories import (
    make_accumulation,
    make_payment_system,
    make_transaction,
    make_wallet,
)
from tests.support.pages import numbers as listed
from tests.support.pages import words

pytestmark = pytest.mark.django_db


def found(response):
    return {row.number for row in response.context["numbers"].transactions.data}


@pytest.mark.parametrize("separator", [" ", ",", ", ", ";", "\n", "\r\n", "\t"])
def test_numbers_are_looked_up_together(search, alice, separator):
    for number in ("433412345678", "533412345678", "633412345678"):
        make_transaction(alice, number)

    response = search(separator.join(["533412345678", "633412345678", "733412345678"]))

    assert found(response) == {"533412345678", "633412345678"}
    assert response.context["numbers"].missing == ["733412345678"]
    assert "Не найден 1 номер из 3" in words(response)


@pytest.mark.parametrize(
    "typed",
    [
        "433412345678 и 533412345678",
        "UTR 433412345678 UTR 533412345678",
        "UTR\n433412345678\n533412345678",
        "1 433412345678\n2 533412345678",
        "433412345678, 533412345678, 12",
        "433412345678, 533412345678, TO1",
    ],
)
def test_short_parts_beside_numbers_do_not_hide_them(search, alice, typed):
    for number in ("433412345678", "533412345678"):
        make_transaction(alice, number)

    assert found(search(typed)) == {"433412345678", "533412345678"}


def test_short_numbers_with_a_letter_are_looked_up(search, alice):
    for number in ("TO1", "TB8"):
        make_transaction(alice, number)

    assert found(search("TO1, TB8, TB9")) == {"TO1", "TB8"}


def test_numbers_of_several_kinds_are_found(search, alice):
    make_transaction(alice, "number-1")
    make_transaction(alice, "by order", order_number="order-1")
    make_transaction(alice, "by label", label="label-1")
    make_accumulation(alice, "accumulation-1", label="")

    response = search("number-1, order-1, label-1, accumulation-1")

    assert found(response) == {"number-1", "by order", "by label"}
    assert response.context["numbers"].missing == []
    assert [row.number for row in response.context["numbers"].accumulations.data] == [
        "accumulation-1"
    ]


def test_number_in_lower_case_is_found_among_others(search, alice):
    system = make_payment_system("bkash", number_ignores_case=True)
    wallet = make_wallet(alice.client, payment_system=system.code)
    make_transaction(alice, "9BC4K2LQ1X", wallet=wallet)

    assert search("9bc4k2lq1x, 633412345678").context["numbers"].missing == ["633412345678"]


def test_hundred_numbers_are_looked_up_and_no_more(search, alice):
    make_transaction(alice, "1000099")
    typed = [str(1_000_000 + number) for number in range(101)]

    assert found(search(" ".join(typed[:100]))) == {"1000099"}
    too_many = search(" ".join(typed))
    assert "не более 100" in words(too_many)
    assert "found" not in too_many.context and "numbers" not in too_many.context
    assert " ".join(typed) in words(too_many) or typed[100] in too_many.content.decode()


def test_label_of_many_rows_hides_no_other_number(search, alice, monkeypatch):
    monkeypatch.setattr(numbers, "MAX_ROWS", 3)
    for number in range(5):
        make_transaction(alice, f"T{number}", label="guest-1")
    make_transaction(alice, "other", label="guest-2")

    response = search("guest-1, guest-2")

    assert response.context["numbers"].missing == []
    assert response.context["numbers"].has_more
    assert len(found(response)) == 3


def test_digits_in_groups_are_one_number(search, alice):
    make_transaction(alice, "633412345678")

    assert search("6334 1234 5678").status_code == 302


def test_telephone_with_spaces_is_no_list(search, alice):
    make_transaction(alice, counterparty="+8801712345678")

    [group] = search("+8801 712345678").context["found"].groups

    assert group.count == 1


@pytest.mark.parametrize("separator", [" ", ", ", "\n"])
def test_number_without_a_digit_is_found_among_others(search, alice, separator):
    for number in ("TETPFHBU", "633412345678", "QWERTYUI"):
        make_transaction(alice, number)

    mixed = search(separator.join(["TETPFHBU", "633412345678"]))
    letters = search(separator.join(["TETPFHBU", "QWERTYUI"]))

    assert found(mixed) == {"TETPFHBU", "633412345678"}
    assert found(letters) == {"TETPFHBU", "QWERTYUI"}


def test_number_is_found_beside_one_that_is_not_there(search, alice):
    make_transaction(alice, "633412345678")

    response = search("633412345678,NOPE")

    assert found(response) == {"633412345678"}
    assert response.context["numbers"].missing == ["NOPE"]


def test_hundred_numbers_may_have_one_without_a_digit(search, alice):
    make_transaction(alice, "TETPFHBU")
    typed = [str(633_412_345_000 + number) for number in range(99)]

    assert found(search("\n".join([*typed, "TETPFHBU"]))) == {"TETPFHBU"}


@pytest.mark.parametrize("typed", ["Kuznetsov, Ivan", "Abdul Rahim"])
def test_name_of_two_words_is_no_list(search, alice, typed):
    make_transaction(alice, counterparty=typed)

    [group] = search(typed).context["found"].groups

    assert group.count == 1


@pytest.mark.parametrize("typed", ["Kuznetsov, Ivan", "Order 12345", "1000 9:00", "word " * 50])
def test_words_that_are_not_there_are_no_missing_numbers(search, typed):
    assert "numbers" not in search(typed).context


def links_of(response):
    titles = re.findall(
        r'<div class="pk-search-title">(.*?)</div>', response.content.decode(), re.DOTALL
    )
    return [unescape(each) for text in titles for each in re.findall(r'<a href="([^"]*)"', text)]


def test_numbers_that_were_found_open_as_a_list(search, client, alice):
    make_transaction(alice, "number-1", logged_at=datetime(2025, 1, 1, tzinfo=UTC))
    make_transaction(alice, "number,2")
    make_transaction(alice, "neighbour")
    make_transaction(alice, "by label", label="label-1")

    of_number, of_label = links_of(search("number-1\nlabel-1\nnothing-1"))

    assert listed(client.get(of_number, follow=True)) == ["number-1"]
    assert listed(client.get(of_label, follow=True)) == ["by label"]


def test_list_of_numbers_has_no_row_of_another_client(search, client, alice, charlie):
    for user in (alice, charlie):
        make_transaction(user, "number-1")
    make_transaction(charlie, "number-2")

    [address] = links_of(search("number-1\nnumber-2"))

    assert listed(client.get(address, follow=True)) == ["number-1"]
    assert "number-2" not in address


def test_numbers_that_are_too_long_for_a_list_say_so(search, alice):
    long = [f"{number}-{'x' * 150}" for number in range(20)]
    for number in long:
        make_transaction(alice, number)

    response = search("\n".join(long))

    assert links_of(response) == []
    assert "слишком длинны для одного списка" in words(response)
