from decimal import Decimal

import pytest

from wallets.upstream.reading import NotUnderstood, Reading, read_answer


def read(balance="123456.00", commission="1.5", status="true", currency="INR"):
    body = f'{{"status": {status}, "balance": {balance}, "commission": {commission}}}'
    return read_answer(body.encode(), currency)


def test_the_guides_answer_is_read_to_the_digit():
    assert read() == Reading(True, Decimal("123456.00"), Decimal("1.5"))


def test_large_balance_keeps_all_its_digits():
    assert read("9007199254740993.25").balance == Decimal("9007199254740993.25")


def test_commission_may_be_unknown():
    assert read(commission="null").commission is None
    assert read_answer(b'{"status": true, "balance": 1}', "INR").commission is None


def test_zero_is_a_balance():
    assert read("0").balance == 0


def test_wallet_that_is_not_available_needs_no_balance():
    assert read("null", "null", "false") == Reading(False, None, None)


@pytest.mark.parametrize(
    "balance",
    [
        "null",
        "NaN",
        "Infinity",
        "-Infinity",
        '"123456"',
        "true",
        "[1]",
        "{}",
        "1.005",
        "1e999999",
        "1e-999999",
        "10000000000000000",
        "9" * 5000,
    ],
)
def test_balance_that_is_none_is_not_understood(balance):
    with pytest.raises(NotUnderstood):
        read(balance)


def test_balance_with_more_places_than_its_currency_is_not_understood():
    with pytest.raises(NotUnderstood):
        read("100.5", currency="UGX")


@pytest.mark.parametrize("commission", ["-1", "100.01", "NaN", '"1.5"', "0.00001"])
def test_commission_that_is_no_percentage_is_not_understood(commission):
    with pytest.raises(NotUnderstood):
        read(commission=commission)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"<html>",
        b"\xff\xfe",
        b'{"status": 1, "balance": 5}',
        b'{"status": "true", "balance": 5}',
        b'{"balance": 5}',
        b'{"status": true, "balance": 5, "balance": 6}',
        b"[" * 60_000,
    ],
)
def test_anything_else_is_not_understood(body):
    with pytest.raises(NotUnderstood):
        read_answer(body, "INR")
