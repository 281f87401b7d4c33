import sys
import unicodedata

import pytest

from paykassma_admin.values import identifiers, names
from paykassma_admin.values.identifiers import BadIdentifier, clean, spellings

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202d\u202e\u2060\u2064\u2066\u2069\ufeff\u00ad"
WHOLE = "432198765099"


@pytest.mark.parametrize("sign", [*INVISIBLE, " ", "\u00a0", "\u3000", "\t", "\u202d "])
def test_what_cannot_be_seen_around_an_identifier_comes_off(sign):
    assert clean(f"{sign}{WHOLE}{sign}") == WHOLE
    assert clean(f"{WHOLE}{sign}", is_number=True) == WHOLE


@pytest.mark.parametrize("sign", [*INVISIBLE, "\u034f", "\u3164", "\ufe0f", "\U000e0041"])
def test_an_invisible_character_inside_is_refused(sign):
    with pytest.raises(BadIdentifier, match=f"U\\+{ord(sign):04X}"):
        clean(f"user{sign}77")


def test_every_format_character_of_unicode_is_invisible():
    characters = map(chr, range(sys.maxunicode + 1))
    formats = [sign for sign in characters if unicodedata.category(sign) == "Cf"]

    assert [sign for sign in formats if not identifiers.INVISIBLE.fullmatch(sign)] == []


@pytest.mark.parametrize(
    "text",
    [
        f"'{WHOLE}",
        f"{WHOLE}'",
        f"'{WHOLE}'",
        f'"{WHOLE}"',
        f'="{WHOLE}"',
        f'= "{WHOLE}"',
        f'=""{WHOLE}""',
        f"‘{WHOLE}’",
        f"“{WHOLE}”",
        f"„{WHOLE}“",
        f"«{WHOLE}»",
        f"`{WHOLE}`",
        f"＇{WHOLE}",
        f"=“{WHOLE}”",
        f"＝＂{WHOLE}＂",
        f"''{WHOLE}''",
        f"\ufeff'{WHOLE}' ",
    ],
)
def test_marks_around_a_whole_value_come_off(text):
    assert clean(text, is_number=True) == clean(text) == WHOLE


@pytest.mark.parametrize(
    "text", ["O'Brien", "rock 'n'", "the players' wallets", 'x "y" z', "'=1", "''=1", "'", "' ="]
)
def test_marks_elsewhere_stay_in_labels(text):
    assert clean(text) == text


@pytest.mark.parametrize("text", ["4321'98", "O'Brien", "the players' wallets", '4 "5" 6'])
def test_marks_inside_a_number_are_refused(text):
    with pytest.raises(BadIdentifier, match="кавычку"):
        clean(text, is_number=True)


@pytest.mark.parametrize("text", ["6.3219E+11", "9.91E+14", "9E+12", "6,3219E+11", "6.3e+11"])
def test_what_a_spreadsheet_has_shortened_is_refused(text):
    for damaged in (text, f"'{text}'", f'="{text}"'):
        with pytest.raises(BadIdentifier, match="сократила"):
            clean(damaged)
    with pytest.raises(BadIdentifier, match="сократила"):
        names.clean(text)


@pytest.mark.parametrize(
    "text", ["9E12", "9E-12", "E+11", "x6.3E+11", "1.5.2E+3", "+8801712345678"]
)
def test_what_only_looks_shortened_stays(text):
    assert clean(text) == text


def test_an_identifier_has_one_spelling_of_unicode():
    assert clean("Jose\u0301") == clean("Jos\u00e9") == "Jos\u00e9"
    assert clean("user\u00a07") == "user 7"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UTR 432198765099", "432198765099"),
        ("UTR:432198765099", "432198765099"),
        ("TrxID: 9BC4K2LQ1X", "9BC4K2LQ1X"),
        ("Ref. No. 4321 9876 5099", "432198765099"),
        ("Номер № 4321-9876-5099", "432198765099"),
        ("4321–9876–5099", "432198765099"),
        ("UTR 4321-98*", "432198*"),
    ],
)
def test_a_filter_tries_the_text_itself_and_then_without_what_stands_around(text, found):
    assert spellings(text)[0] == text
    assert spellings(text)[-1].endswith(found) or found in spellings(text)


def test_a_beginning_is_not_made_shorter_than_a_beginning_may_be():
    assert spellings("UTR 1*") == ["UTR 1*", "UTR1*"]


def test_a_separator_at_the_end_of_a_prefix_is_looked_for():
    assert spellings("ord-*") == ["ord-*"]


def test_an_identifier_that_needs_no_cleaning_is_tried_once():
    assert spellings("432198765099") == ["432198765099"]


def test_many_words_before_no_number_are_read_at_once():
    assert len(spellings("a: " * 60)) <= 3


# Names


@pytest.mark.parametrize("sign", ["\u200d", "\u200c"])
def test_a_name_keeps_its_joiners(sign):
    name = f"শরত\u09cd{sign}"

    assert names.clean(f" {name}\ufeff") == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("istanbul", "İstanbul"),
        ("İSTANBUL", "istanbul"),
        ("IŞIK", "Işık"),
        ("ışık", "Işık"),
        ("STRASSE", "Straße"),
        ("петр", "Пётр"),
        ("ПЁТР", "Пе\u0308тр"),
        ("রা\u09df", "রা\u09af\u09bc"),
        ("\u095eरीदा", "\u092b\u093cरीदा"),
        ("JOSE\u0301", "Jos\u00e9"),
        ("ﬁnn", "FINN"),
        ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
        ("র\u200d্যাব", "র্যাব"),
    ],
)
def test_two_spellings_of_a_name_are_one(one, other):
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(("one", "other"), [("Işık", "Isık"), ("Жуков", "Ёуков"), ("रीदा", "ऱीदा")])
def test_other_letters_are_other_names(one, other):
    assert names.key(one) != names.key(other)


@pytest.mark.parametrize(
    "typed", ["+8801712345678", "8801712345678", "01712345678", "1712345678", "+880 1712-345678"]
)
@pytest.mark.parametrize("stored", ["+8801712345678", "01712345678", "+880 1712 345-678"])
def test_a_phone_is_known_by_its_last_ten_digits(typed, stored):
    assert any(part in names.key(stored) for part in names.parts(typed))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("0772123456", "+256772123456"), ("008801712345678", "01712345678")],
)
def test_zeros_before_a_phone_are_no_part_of_it(typed, stored):
    assert any(part in names.key(stored) for part in names.parts(typed))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+8801750", "01750966342"),
        ("+880 1750", "01750966342"),
        ("0091 93844", "9384412345"),
        ("+91 93844", "+91 93844 12345"),
        ("+1 20255", "2025550123"),
    ],
)
def test_beginning_of_an_international_phone_is_known(typed, stored):
    assert any(part in names.key(stored) for part in names.parts(typed))


def test_beginning_of_a_phone_is_no_shorter_than_five_digits():
    assert names.parts("+880 17") == ["+880 17", "88017"]
    assert names.parts("+8801750") == ["+8801750", "8801750", "01750"]


def test_a_part_of_a_phone_is_looked_for_as_it_is():
    assert names.parts("12345") == ["12345"]
    assert names.parts("1712-3") == ["1712-3", "17123"]
    assert names.parts("4321987650991234") == ["4321987650991234"]


def test_marks_come_off_a_number_and_stay_on_a_name():
    assert names.clean("'01712345678") == "01712345678"
    assert names.clean("‘Abd al-Rahman") == "‘Abd al-Rahman"
