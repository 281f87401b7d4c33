from decimal import Decimal

import pytest

from paykassma_admin.values.amounts import BadAmount, parse


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("4750", "4750"),
        (" 4750.50 ", "4750.5"),
        ("4750,5", "4750.5"),
        ("4 750", "4750"),
        ("4\u00a0750,00", "4750"),
        ("12\u202f345\u202f678.9", "12345678.9"),
        ("1,250.00", "1250"),
        ("1,00,250.5", "100250.5"),
        ("1.250", "1.25"),
        ("0", "0"),
        ("007", "7"),
        ("9999999999999999.9999", "9999999999999999.9999"),
    ],
)
def test_amount_is_read_as_lists_show_it(text, amount):
    assert parse(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    """|.|1,250|1.2.3|1 2|12 34|1,2,3.0|-1|+1|1e3|0x1|٣|1.23456|1.|,5|10000000000000000|NaN|∞|1\n2
    """.strip().split("|"),
)
def test_what_may_be_another_amount_is_refused(text):
    with pytest.raises(BadAmount):
        parse(text)
