import io
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from paykassma_admin.imports import fields, files
from paykassma_admin.imports.batches import (
    BadFile,
    InvalidValue,
    RowError,
    prefetch,
    shorten,
    split_batches,
    split_rounds,
)
from paykassma_admin.imports.files import Columns, read

COLUMNS = Columns(required=("number", "amount"), optional=("label",))
INTERRUPTED = """
from paykassma_admin.imports.command import open_input
from paykassma_admin.imports.batches import prefetch
with open_input("-") as stream:
    assert next(prefetch(stream)) == b"one\\n"
    raise SystemExit(130)
"""
KOLKATA = ZoneInfo("Asia/Kolkata")
BERLIN = ZoneInfo("Europe/Berlin")


def records(content, columns=COLUMNS):
    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return list(read(stream, columns))


def reason(content):
    with pytest.raises(BadFile) as error:
        records(content)
    return str(error.value)


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_that_of_the_header(delimiter):
    content = "number,amount,label\n1,10.00,a b\n".replace(",", delimiter)

    assert records(content) == [(2, ["1", "10.00", "a b"])]


def test_a_byte_order_mark_and_dos_lines_are_no_text():
    assert records(b"\xef\xbb\xbfnumber,amount\r\n1,10\r\n") == [(2, ["1", "10", ""])]


def test_columns_stand_in_any_order():
    assert records("amount,label,number\n10,x,1\n") == [(2, ["1", "10", "x"])]


def test_texts_are_trimmed():
    assert records("number, amount \n 1 ,10 \n") == [(2, ["1", "10", ""])]


def test_a_row_of_several_lines_is_named_by_its_first():
    content = 'number,amount,label\n1,10,"two\nlines"\n2,20,x\n'

    assert records(content) == [(2, ["1", "10", "two\nlines"]), (4, ["2", "20", "x"])]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;", "\ufeffsep=;"])
def test_the_line_of_excel_that_names_the_delimiter_is_no_header(first):
    assert records(f"{first}\r\nnumber;amount\r\n1;10\r\n") == [(3, ["1", "10", ""])]


def test_a_delimiter_that_is_not_read_is_named():
    assert reason("sep=|\nnumber|amount\n1|10\n").startswith("«sep=|»")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_as_any_system_ends_it(end):
    content = f'number,amount,label{end}1,10,"two{end}lines"{end}2,20,x'

    assert records(content) == [(2, ["1", "10", f"two{end}lines"]), (4, ["2", "20", "x"])]


def test_carriage_returns_end_the_lines_of_json_too():
    content = '{"number": "1", "amount": 10}\r{"number": "2", "amount": 20}\r'

    assert [texts for _line, texts in records(content)] == [["1", "10", ""], ["2", "20", ""]]


def test_lines_ended_by_carriage_returns_are_read_piece_by_piece(monkeypatch):
    monkeypatch.setattr(files, "MAX_LINE_BYTES", 20)
    rows = [f"{number},10" for number in range(1000)]

    found = records("\r".join(["number,amount", *rows]))

    assert [line for line, _texts in found] == list(range(2, 1002))
    assert [texts[0] for _line, texts in found] == [str(number) for number in range(1000)]
    assert "Строка 2 длиннее" in reason("number,amount\r" + "x" * 21)


@pytest.mark.parametrize(
    "content",
    [
        "number,amount,\n1,10,\n2,20,\n",
        "number,amount,,\n1,10\n2,20\n",
        "number,amount\n1,10,\n2,20,\n",
        "number,,amount\n1,,10\n2, ,20\n",
        "number,amount,\n,,\n1,10\n2,20\n",
    ],
    ids=["both", "header alone", "rows alone", "in between", "after an empty row"],
)
def test_a_column_without_a_name_that_is_empty_is_passed_over(content):
    assert [texts for _line, texts in records(content)] == [["1", "10", ""], ["2", "20", ""]]


@pytest.mark.parametrize("end", ["", ","])
def test_a_column_without_a_name_that_says_something_is_named_by_its_place(end):
    good, refusal = records(f"number,amount,{end}\n1,10,{end}\n2,20,paid{end}\n")

    assert good == (2, ["1", "10", ""])
    assert str(refusal) == (
        "строка 3: столбец 3: в первой строке у него нет названия, а здесь стоит «paid»"
    )


@pytest.mark.parametrize(
    "content",
    [
        "number,amount,label\n1,10,x,\n2,20,Okello, David\n",
        "number,amount,label\n1,10,x\n2,20,Okello,\n",
        "number,amount,label,\n1,10,x\n2,20,Okello, David\n",
        "number,amount,label,\n1,10,x,\n2,20,x\n",
    ],
)
def test_a_cell_that_its_delimiter_has_cut_hides_in_no_column_without_a_name(content):
    good, refusal = records(content)

    assert good == (2, ["1", "10", "x"])
    assert isinstance(refusal, RowError)


def test_a_key_without_a_name_is_passed_over_where_it_is_empty():
    good, refusal = records(
        '{"number": 1, "amount": 10, "": null}\n{"number": 2, "amount": 20, " ": "paid"}'
    )

    assert good == (1, ["1", "10", ""])
    assert str(refusal) == "строка 2: row: есть значение без названия: «paid»"


def test_empty_lines_are_no_rows():
    assert records("\nnumber,amount\n\n1,10\n,\n\n") == [(4, ["1", "10", ""])]


def test_a_row_of_another_width_is_refused_and_the_next_one_is_read():
    refusal, good = records("number,amount\n1\n2,20\n")

    assert (refusal.line, refusal.field) == (2, "row")
    assert good == (3, ["2", "20", ""])


def test_a_quote_that_is_not_closed_costs_the_lines_it_swallows_and_says_so():
    assert str(records('number,amount\n1,10\n2,"20\n3,30\n')[-1]).endswith(
        "строки с 3 по 4 потеряны вместе с ней"
    )


def test_misplaced_quotes_refuse_their_row_alone():
    refusal, good = records('number,amount\n1,"10"0\n2,20\n')

    assert isinstance(refusal, RowError)
    assert good == (3, ["2", "20", ""])


# JSON Lines


def test_one_object_a_line():
    content = '{"amount": "10.00", "number": "1"}\n\n{"number": 2, "amount": 1.10, "label": null}\n'

    assert records(content) == [(1, ["1", "10.00", ""]), (3, ["2", "1.10", ""])]


@pytest.mark.parametrize(
    "line",
    [
        '{"number": 1',
        "[1, 2]",
        '"text"',
        '{"number": 1, "number": 2, "amount": 1}',
        '{"number": 1, "amount": 1, "lable": "x"}',
        '{"number": [1], "amount": 1}',
        '{"number": true, "amount": 1}',
        '{"number": "\\u0000", "amount": 1}',
        '{"number": "\\ud800", "amount": 1}',
        '{"number": ' + "[" * 100_000,
    ],
)
def test_a_line_that_is_no_row_is_refused_and_the_next_one_is_read(line):
    first, refusal, last = records(
        '{"number": 0, "amount": 1}\n' + line + '\n{"number": 3, "amount": 3}\n'
    )

    assert isinstance(refusal, RowError)
    assert refusal.line == 2
    assert (first[0], last[0]) == (1, 3)


def test_not_a_number_stays_text_for_its_column_to_refuse():
    assert records('{"number": 1, "amount": NaN}')[0].line == 1


# Files that are none


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_is_called_empty(content):
    assert reason(content) == "Файл пуст."


def test_a_missing_column_is_named():
    assert reason("number,label\n1,x\n") == "В файле нет столбцов: amount."


def test_an_unknown_column_is_named():
    assert "lable" in reason("number,amount,lable\n1,10,x\n")


def test_a_column_that_stands_twice_is_named():
    assert reason("number,amount,number\n1,10,2\n") == "Столбцы в файле повторяются: number."


def test_a_file_without_header_is_told_the_columns():
    assert reason("1,10,x\n2,20,x\n") == (
        "В первой строке должны стоять названия столбцов: number, amount. Могут быть ещё: label."
    )


@pytest.mark.parametrize("content", [b"PK\x03\x04\x14\x00\x00", "number,amount".encode("utf-16")])
def test_a_binary_file_is_no_text(content):
    assert "UTF-8" in reason(content) or "столбцов" in reason(content)


def test_a_json_array_is_told_what_to_do():
    assert "массив" in reason('[{"number": 1}]')


def test_another_encoding_is_named_by_its_line_and_the_rows_before_are_read():
    content = "number,amount\n1,10\n2,двадцать\n"
    rows = read(io.BytesIO(content.encode("cp1251")), COLUMNS)

    assert next(rows) == (2, ["1", "10", ""])
    with pytest.raises(BadFile, match="Строка 3"):
        next(rows)


def test_what_has_no_lines_is_not_held_in_memory(monkeypatch):
    monkeypatch.setattr(files, "MAX_LINE_BYTES", 100)

    assert "длиннее" in reason("x" * 101)


def test_what_stands_before_the_break_of_a_file_is_a_batch():
    def breaking():
        yield from [1, 2, 3]
        raise BadFile

    together = split_batches(breaking())

    assert list(next(together)) == [1, 2, 3]
    with pytest.raises(BadFile):
        next(together)


def test_a_row_whose_key_came_before_waits_for_a_later_round():
    rows = [("a", 1), ("b", 2), ("a", 3), ("a", 4), ("b", 5)]

    together = split_rounds(rows, keys=lambda row: [row[0]])

    assert together == [[("a", 1), ("b", 2)], [("a", 3), ("b", 5)], [("a", 4)]]


def test_the_next_batch_is_made_while_one_is_stored():
    is_made = Event()

    def produce():
        yield "one"
        is_made.set()
        yield "two"

    batches = prefetch(produce())

    assert next(batches) == "one"
    assert is_made.wait(timeout=10)
    assert list(batches) == ["two"]


def test_what_breaks_ahead_is_raised_in_its_turn():
    def breaking():
        yield "one"
        raise BadFile

    batches = prefetch(breaking())

    assert next(batches) == "one"
    with pytest.raises(BadFile):
        next(batches)


def test_an_end_does_not_wait_for_standard_input():
    command = [sys.executable, "-c", INTERRUPTED]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        program.stdin.write(b"one\n")
        program.stdin.flush()

        assert program.wait(timeout=30) == 130
        assert program.stderr.read() == b""


def test_a_shown_value_is_cut_and_steers_no_terminal():
    assert shorten("\x1b[31mred" + "x" * 100) == "�[31mred" + "x" * 32 + "…"


# Values


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("1250.50", "INR", "1250.50"),
        ("1250", "INR", "1250"),
        ("1250.5000", "INR", "1250.5"),
        ("0007.10", "INR", "7.1"),
        ("9999999999999999.99", "INR", "9999999999999999.99"),
        ("1000", "UGX", "1000"),
        ("1.005", "KWD", "1.005"),
    ],
)
def test_an_amount_is_plain_digits(text, currency, value):
    assert fields.amount("amount", text, currency) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    (
        *("", "0", "0.00", "-1", "+1", "1,50", "1,250.50", "1 250", "1'250", "1e3", "NaN"),
        *("Infinity", "1.", ".5", "0x10", "١٢", "1.005", "10000000000000000", "1_000", "₹10"),
    ),
)
def test_nothing_else_is_an_amount(text):
    with pytest.raises(InvalidValue):
        fields.amount("amount", text, "INR")


def test_an_amount_has_no_more_places_than_its_currency():
    with pytest.raises(InvalidValue, match="0"):
        fields.amount("amount", "10.50", "UGX")


@pytest.mark.parametrize("text", ["0", "-1", "1.12345678901", "10000000000", "1/80"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(InvalidValue):
        fields.usd_rate("usd_rate", text, "INR")


def test_a_dollar_is_worth_a_dollar():
    assert fields.usd_rate("usd_rate", "1.0", "USD") == 1
    with pytest.raises(InvalidValue):
        fields.usd_rate("usd_rate", "1.01", "USD")


@pytest.mark.parametrize("offset", ["+16:00", "-23:59", "+05:30"])
def test_a_time_is_one_that_the_database_knows(offset):
    """PostgreSQL takes no offset of 16 hours and more."""
    at = fields.moment("logged_at", f"2026-11-24T12:00:00{offset}", KOLKATA)

    assert at == datetime.fromisoformat(f"2026-11-24T12:00:00{offset}")
    assert at.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24T14:02:51+05:30", datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC)),
        ("2026-11-24 14:02:51", datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC)),
        ("2026-11-24T14:02", datetime(2026, 11, 24, 8, 32, tzinfo=UTC)),
        ("2026-11-24T14:02:51.25Z", datetime(2026, 11, 24, 14, 2, 51, 250_000, tzinfo=UTC)),
        ("2026-11-24T14:02:51.1234560Z", datetime(2026, 11, 24, 14, 2, 51, 123_456, tzinfo=UTC)),
        ("2026-11-24 14:02:51.000000000", datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC)),
        ("2026-11-24T14:02:51+0530", datetime(2026, 11, 24, 8, 32, 51, tzinfo=UTC)),
    ],
)
def test_a_time_without_offset_is_in_the_zone_of_the_client(text, moment):
    assert fields.moment("logged_at", text, KOLKATA) == moment


@pytest.mark.parametrize(
    "text",
    (
        *("", "2026-11-24", "24.11.2026 14:02", "2026-13-01T00:00", "2026-02-30T00:00"),
        *("1999-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "2026-11-24T25:00", "1764000000"),
        "2026-W48-2T10:00",
    ),
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(InvalidValue):
        fields.moment("logged_at", text, KOLKATA)


@pytest.mark.parametrize("text", ["2026-10-25T02:30:00", "2026-03-29T02:30:00"])
def test_an_hour_that_comes_twice_or_never_needs_its_offset(text):
    with pytest.raises(InvalidValue, match="Europe/Berlin"):
        fields.moment("logged_at", text, BERLIN)

    assert fields.moment("logged_at", text + "+02:00", BERLIN)


@pytest.mark.parametrize(
    ("text", "digits"), [("2026-11-24T14:02:51.1234567", 7), ("2026-11-24T14:02:51.000000001Z", 9)]
)
def test_a_fraction_of_which_a_part_would_be_lost_is_named(text, digits):
    with pytest.raises(InvalidValue, match=f"{digits} .* не больше шести"):
        fields.moment("logged_at", text, KOLKATA)


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("2026-11-25T23:59:59", True),  # the end of tomorrow in Kolkata
        ("2026-11-25T18:29:59.999999Z", True),
        ("2026-11-26T00:00:00", False),
        ("2062-11-24T14:02:51", False),
    ],
)
def test_a_time_after_tomorrow_is_refused(text, is_taken):
    if is_taken:
        assert fields.moment("as_of", text, KOLKATA)
    else:
        with pytest.raises(InvalidValue, match=f"«{text}» — позже завтрашнего дня"):
            fields.moment("as_of", text, KOLKATA)


@pytest.mark.parametrize(("text", "is_taken"), [("2026-11-25", True), ("2026-11-26", False)])
def test_a_day_after_tomorrow_is_refused(text, is_taken):
    if is_taken:
        assert fields.day("day", text)
    else:
        with pytest.raises(InvalidValue, match="позже завтрашнего дня"):
            fields.day("day", text)


def test_refusal_of_a_later_day_says_that_tomorrow_is_taken():
    with pytest.raises(InvalidValue, match="Пишите завтрашний день или более ранний"):
        fields.day("day", "2026-11-26")
    with pytest.raises(InvalidValue, match="Пишите время не позже конца завтрашнего дня"):
        fields.moment("as_of", "2026-11-26T00:00:00", KOLKATA)
