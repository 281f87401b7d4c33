"""Spellings of banks and spreadsheets are read where they were chosen, and refused elsewhere."""

import pytest

from imports.spellings import AmountSpelling, Spelling, TimeSpelling
from paykassma_admin.imports.batches import RowError

COMMAS, DECIMAL_COMMA = AmountSpelling.COMMAS, AmountSpelling.DECIMAL_COMMA


def read(name, text, **chosen):
    [record] = Spelling([name], **chosen).rewrite([(2, [text])])
    return record.reason if isinstance(record, RowError) else record[1][0]


@pytest.mark.parametrize(
    ("spelling", "text", "amount"),
    [
        (COMMAS, "1,00,000.00", "100000.00"),
        (COMMAS, "1,250.5", "1250.5"),
        (COMMAS, "12,34,567", "1234567"),
        (COMMAS, "999", "999"),
        (COMMAS, "-1,250.00", "-1250.00"),
        (DECIMAL_COMMA, "1 250,00", "1250.00"),
        (DECIMAL_COMMA, "1\u00a0250\u202f000,5", "1250000.5"),
        (DECIMAL_COMMA, "1.250,00", "1250.00"),
        (DECIMAL_COMMA, "1.250", "1250"),
        (DECIMAL_COMMA, "77,5", "77.5"),
    ],
)
def test_amount_is_read_as_was_chosen(spelling, text, amount):
    assert read("amount", text, amounts=spelling) == amount


@pytest.mark.parametrize(
    ("spelling", "text"),
    [
        (COMMAS, "1 250,00"),
        (COMMAS, "1,5"),
        (COMMAS, "1,25,00"),
        (COMMAS, "12,3456"),
        (DECIMAL_COMMA, "1250.00"),
        (DECIMAL_COMMA, "1,250.00"),
        (DECIMAL_COMMA, "1 25,00"),
        (DECIMAL_COMMA, "1.250 000,00"),
    ],
)
def test_amount_of_another_spelling_is_refused(spelling, text):
    assert text in read("amount", text, amounts=spelling)


@pytest.mark.parametrize(
    ("spelling", "text", "moment"),
    [
        (TimeSpelling.DAY_FIRST, "24.11.2026 14:02:51", "2026-11-24T14:02:51"),
        (TimeSpelling.DAY_FIRST, "4/11/2026, 9:02", "2026-11-04T09:02:00"),
        (TimeSpelling.DAY_FIRST, "24-11-2026", "2026-11-24T00:00:00"),
        (TimeSpelling.MONTH_FIRST, "11/24/2026 14:02", "2026-11-24T14:02:00"),
        (TimeSpelling.SECONDS, "1795503771", "2026-11-24T07:02:51+00:00"),
        (TimeSpelling.MILLISECONDS, "1795503771042", "2026-11-24T07:02:51.042000+00:00"),
    ],
)
def test_time_is_read_as_was_chosen(spelling, text, moment):
    assert read("logged_at", text, times=spelling) == moment


@pytest.mark.parametrize(
    ("spelling", "text"),
    [
        (TimeSpelling.DAY_FIRST, "2026-11-24T14:02:51Z"),
        (TimeSpelling.DAY_FIRST, "24.11.26"),
        (TimeSpelling.SECONDS, "1795503771042"),
        (TimeSpelling.MILLISECONDS, "1795503771"),
    ],
)
def test_time_of_another_spelling_is_refused(spelling, text):
    assert text in read("logged_at", text, times=spelling)


def test_nothing_is_rewritten_unless_it_was_chosen():
    assert read("amount", "1,250.00") == "1,250.00"
    assert read("logged_at", "24.11.2026") == "24.11.2026"
    assert read("number", "1,250", amounts=COMMAS) == "1,250"
