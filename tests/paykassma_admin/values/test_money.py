from decimal import Decimal, localcontext

import pytest

from paykassma_admin.values import money

D = Decimal


@pytest.mark.parametrize(
    ("amount", "places", "expected"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049999999", 2, "0.00"),
        ("2.5", 0, "3"),
        ("3.5", 0, "4"),
        ("-2.5", 0, "-3"),
        ("1.00005", 4, "1.0001"),
        ("9.99995", 4, "10.0000"),
    ],
)
def test_a_half_is_rounded_away_from_zero(amount, places, expected):
    assert str(money.round_to(D(amount), places)) == expected


def test_an_amount_of_any_magnitude_is_rounded():
    with localcontext(prec=5):
        assert money.round_to(D("123456789012345678901234567890.00005"), 4) == D(
            "123456789012345678901234567890.0001"
        )


@pytest.mark.parametrize(
    ("currency", "places"), [("INR", 2), ("USD", 2), ("JPY", 0), ("IQD", 3), ("CLF", 4)]
)
def test_a_currency_has_the_places_of_iso_4217(currency, places):
    assert money.places(currency) == places


def test_an_amount_is_rounded_to_the_places_of_its_currency():
    rounded = {c: str(money.quantize(D("10.50505"), c)) for c in ("INR", "JPY", "IQD", "CLF")}

    assert rounded == {"INR": "10.51", "JPY": "11", "IQD": "10.505", "CLF": "10.5051"}


@pytest.mark.parametrize(
    ("amount", "currency"), [("10.50", "INR"), ("10.5000", "INR"), ("10", "JPY"), ("1.234", "KWD")]
)
def test_an_amount_fits_when_rounding_leaves_it(amount, currency):
    assert money.fits(D(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency"), [("10.505", "INR"), ("10.5", "JPY"), ("1.2345", "KWD")]
)
def test_an_amount_of_more_places_does_not_fit(amount, currency):
    assert not money.fits(D(amount), currency)


@pytest.mark.parametrize(
    ("amount", "usd_rate", "expected"),
    [
        ("1000", "0.012", "12.0000"),
        ("1", "0.00005", "0.0001"),
        ("1", "0.0000499999", "0.0000"),
        ("9999999999999999.9999", "0.9999999999", "9999999998999999.9999"),
    ],
)
def test_an_amount_in_usd_has_four_places(amount, usd_rate, expected):
    assert str(money.convert_to_usd(D(amount), D(usd_rate))) == expected


def test_from_usd_is_left_unrounded():
    assert money.convert_from_usd(D(1), D(3)) == D(f"0.{'3' * 60}")


@pytest.mark.parametrize("convert", [money.convert_to_usd, money.convert_from_usd])
@pytest.mark.parametrize("usd_rate", ["0", "-0.012"])
def test_a_rate_that_is_not_above_zero_is_refused(convert, usd_rate):
    with pytest.raises(ValueError, match="above zero"):
        convert(D(1000), D(usd_rate))


def test_a_total_is_exact_beyond_the_digits_of_pythons_default():
    amounts = [D("12345678901234567890"), D("0.00000000001"), D("0.00000000002")]

    assert money.total(amounts) == D("12345678901234567890.00000000003")
    assert money.total([]) == 0


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("123456.0000", "123456.0"),
        ("123456789012345.6780", "123456789012345.678"),
        ("1234567890123456.0000", "1234567890123456.0"),
        ("0.0001", "0.0001"),
        ("1.5000", "1.5"),
        ("-5", "-5.0"),
    ],
)
def test_a_json_number_has_all_of_its_digits(amount, written):
    assert str(money.json_number(D(amount))) == written


def test_a_json_number_that_is_not_known_is_null():
    assert money.json_number(None) is None


def test_a_browser_is_sent_texts_that_round_as_the_amount_does():
    """Twelve places of a quotient, cut: rounded twice, 0.0049… would come to a whole cent."""
    assert money.json_text(D("123456789012345.6780")) == "123456789012345.678"
    assert money.json_text(D("1000")) == "1000"
    assert money.json_text(D("0.00499999999999999999")) == "0.004999999999"
    assert money.json_text(None) is None
