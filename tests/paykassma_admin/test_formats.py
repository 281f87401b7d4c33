from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from paykassma_admin import formats

D = Decimal
NO_BREAK = "\N{NO-BREAK SPACE}"


def in_both(write, *given):
    """Return the text in Russian and in English; a no-break space becomes "_"."""
    written = []
    for language in ("ru", "en"):
        with translation.override(language):
            written.append(write(*given).replace(NO_BREAK, "_"))
    return tuple(written)


@pytest.mark.parametrize(
    ("amount", "currency", "russian", "english"),
    [
        ("1250", "INR", "1_250,00_INR", "1,250.00_INR"),
        ("1250.5", "JPY", "1_251_JPY", "1,251_JPY"),
        ("1.2345", "KWD", "1,235_KWD", "1.235_KWD"),
        ("0.005", "USD", "0,01_USD", "0.01_USD"),
        ("-1234567.891", "USD", "−1_234_567,89_USD", "−1,234,567.89_USD"),
        ("0", "INR", "0,00_INR", "0.00_INR"),
        (
            "123456789012345678901234567890.125",
            "INR",
            "123_456_789_012_345_678_901_234_567_890,13_INR",
            "123,456,789,012,345,678,901,234,567,890.13_INR",
        ),
    ],
)
def test_money_has_the_places_of_its_currency_and_its_code(amount, currency, russian, english):
    assert in_both(formats.money, D(amount), currency) == (russian, english)


def test_a_long_figure_is_broken_after_whole_groups_and_a_short_one_never():
    long, short = formats.amount_html(D(10) ** 15, "INR"), formats.amount_html(D(10) ** 8, "INR")

    assert long.count("<wbr>") == 5
    assert "pk-long" in long
    assert "wbr" not in short and "pk-long" not in short


@pytest.mark.parametrize(
    ("write", "more"),
    [
        (formats.money, ["INR"]),
        (formats.figure, ["INR"]),
        (formats.rate, []),
        (formats.number, []),
        (formats.moment, []),
        (formats.day, []),
    ],
)
def test_what_is_not_known_is_a_dash_and_no_zero(write, more):
    assert write(None, *more) == "—"


def test_unknown_percentage_says_so():
    assert formats.percent(None) == "не указана"


def test_money_is_written_of_decimals_only():
    with pytest.raises(TypeError, match="float"):
        formats.money(1250.0, "INR")


def test_a_rate_is_written_with_all_the_places_that_it_has():
    assert in_both(formats.rate, D("0.0119050000")) == ("0,011905", "0.011905")
    assert in_both(formats.rate, D("0.0000000001")) == ("0,0000000001", "0.0000000001")
    assert in_both(formats.rate, D("1.0000000000")) == ("1", "1")


def test_a_percentage_has_the_places_that_it_has():
    assert in_both(formats.percent, D("1.5000")) == ("1,5_%", "1.5%")


def test_a_count_is_grouped():
    assert in_both(formats.number, 1234567) == ("1_234_567", "1,234,567")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Kolkata", ("25.11.2026 01:32:51", "25 Nov 2026 01:32:51")),
        ("America/New_York", ("24.11.2026 15:02:51", "24 Nov 2026 15:02:51")),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_client(zone, expected):
    at = datetime(2026, 11, 24, 20, 2, 51, tzinfo=UTC)

    with timezone.override(ZoneInfo(zone)):
        assert in_both(formats.moment, at) == expected
        assert in_both(formats.clock, at) == tuple(moment[-8:] for moment in expected)


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        ("Europe/Berlin", "2026-10-25 00:30+00:00", "02:30:00 UTC+2"),
        ("Europe/Berlin", "2026-10-25 01:30+00:00", "02:30:00 UTC+1"),
        ("Europe/Berlin", "2026-10-24 23:59:59+00:00", "01:59:59"),
        ("Europe/Berlin", "2026-10-25 02:00+00:00", "03:00:00"),
        ("Europe/Berlin", "2026-03-29 01:00+00:00", "03:00:00"),  # after the hour that is skipped
        ("America/New_York", "2026-11-01 05:59+00:00", "01:59:00 UTC−4"),
        ("Australia/Lord_Howe", "2026-04-04 15:00+00:00", "01:30:00 UTC+10:30"),
    ],
)
def test_a_time_that_comes_twice_has_its_offset(zone, at, shown):
    shown = shown.replace(" ", "_")

    with timezone.override(ZoneInfo(zone)):
        both = (formats.clock, formats.moment)
        told = [text for write in both for text in in_both(write, datetime.fromisoformat(at))]

    assert [text.split(" ")[-1] for text in told] == [shown] * 4


def test_a_day_is_told_without_time():
    assert in_both(formats.day, date(2026, 1, 2)) == ("02.01.2026", "2 Jan 2026")


@pytest.mark.parametrize(
    ("code", "russian", "english"),
    [("IN", "Индия", "India"), ("BD", "Бангладеш", "Bangladesh"), ("QQ", "QQ", "QQ")],
)
def test_a_country_has_a_name(code, russian, english):
    assert in_both(formats.country_name, code) == (russian, english)


def test_a_currency_has_a_name_and_where_it_has_one_a_symbol():
    assert in_both(formats.currency_name, "INR") == ("индийская рупия", "Indian Rupee")
    assert in_both(formats.currency_choice, "USD") == ("$ USD", "$ USD")
    assert in_both(formats.currency_choice, "BDT") == ("BDT", "BDT")


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("Asia/Kolkata", "UTC+5:30"),
        ("Europe/Moscow", "UTC+3"),
        ("UTC", "UTC+0"),
        ("America/St_Johns", "UTC−3:30"),
    ],
)
def test_a_zone_is_told_by_its_distance_from_utc(zone, offset):
    assert formats.zone_offset(ZoneInfo(zone)) == offset


def test_a_zone_is_as_far_from_utc_as_it_is_now():
    with time_machine.travel(datetime(2026, 7, 1, tzinfo=UTC)):
        assert formats.zone_offset(ZoneInfo("America/New_York")) == "UTC−4"


def test_templates_know_the_formats_without_loading_them():
    page = Template("{{ amount|money:currency }}")

    assert page.render(Context({"amount": D("1250"), "currency": "INR"})) == (
        f"1{NO_BREAK}250,00{NO_BREAK}INR"
    )
