from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from paykassma_admin.figures import figures
from paykassma_admin.formats import number
from paykassma_admin.values.money import exact_context, places, quantize

LANGUAGES = ["ru", "en"]
CURRENCIES = ["JPY", "USD", "BHD", "CLF"]
EDGES = [
    *("0", "0.0000", "-0.001", "0.005", "0.0049", "-0.005", "999.995", "1000", "-1234567.895"),
    *("99999999999999999999.9999", "-12345678901234567890123.4567", "1E+3", "0.00000001"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("currency", CURRENCIES)
@settings(max_examples=20, deadline=None)
@given(more=st.lists(st.decimals(-(10**24), 10**24, allow_nan=False)))
def test_they_are_those_of_babel(language, currency, more):
    amounts = [*map(Decimal, EDGES), Decimal(20) / 3, *more]

    with translation.override(language):
        assert figures(amounts, currency) == [babels(amount, currency) for amount in amounts]


def babels(amount, currency):
    decimals = "0" * places(currency)
    pattern = f"#,##0.{decimals}" if decimals else "#,##0"
    with exact_context():
        rounded = quantize(amount, currency)
        written = format_decimal(rounded, pattern, locale=translation.get_language())
    return written.replace("-", "−")


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_are_whole(language):
    counts = [0, 7, 1000, 12_345_678]

    with translation.override(language):
        assert figures(map(Decimal, counts), "") == [number(count) for count in counts]
