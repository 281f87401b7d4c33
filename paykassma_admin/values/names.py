"""Cleaning and comparison of names of people and companies, and of telephone numbers.

The database compares by `name_key(text)`, which is this `key` in SQL (transactions/migrations has
it): a test holds the two together, character by character.
"""

import re
from unicodedata import normalize

from paykassma_admin.values.identifiers import (
    INVISIBLE,
    MARKS,
    refuse_shortened,
    strip_text_marks,
    trim,
)

NUMBER = re.compile(r"[+(]?[0-9][0-9 ().-]*", re.ASCII)
PHONE_SIGNS = "0-9 ()./\u00a0\u2010-\u2015\u2212-"
PHONE = re.compile(f"[+(]*[0-9][{PHONE_SIGNS}]*")
NO_DIGITS = re.compile("[^0-9]+")
PHONE_DIGITS = 10  # from the right; a country's code, or the 0 in its place, stands before them
SHORTEST_PHONE, LONGEST_PHONE = 9, 13
LEAST_PART = 4  # digits after a country's code; with the 0 in its place they are five
CALLING_CODE = re.compile("[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|...")
DIGITS_FOLLOW = "\x1f"

# Turkish writes I for ı and İ for i: as long as nobody knows a name's language, all four are one.
IO, IE = chr(0x451), chr(0x435)  # ё, е
DOTTED = re.compile("i\u0307+")
SAME_LETTERS = str.maketrans({"ı": "i", IO: IE})


def clean(text: str) -> str:
    """Return a name as it is stored: as it was spelled, trimmed. Raise BadIdentifier.

    A number alone loses the marks that keep it a text, as an identifier does.
    """
    text = trim(text)
    bare = strip_text_marks(text)
    refuse_shortened(bare)
    return bare if NUMBER.fullmatch(bare) else text


def key(text: str) -> str:
    """Return what two spellings of one name have in common.

    The digits of a telephone number follow it where it is written with spaces or hyphens.
    """
    folded = normalize("NFC", INVISIBLE.sub("", text)).casefold().lower()
    folded = normalize("NFC", DOTTED.sub("i", folded).translate(SAME_LETTERS))
    return folded + (f"{DIGITS_FOLLOW}{digits(text)}" if is_spaced_phone(text) else "")


def digits(text: str) -> str:
    return NO_DIGITS.sub("", text)


def is_spaced_phone(text: str) -> bool:
    return bool(PHONE.fullmatch(text)) and not text.lstrip("+").isdigit()


def parts(text: str) -> list[str]:
    """Return the parts of keys, of which any one is what a search for `text` means.

    A telephone number is known by its last ten digits, with or without +880 or 0 before them. So
    is its beginning, where `+` or `00` says that a country's code comes first.
    """
    whole = key(text).partition(DIGITS_FOLLOW)[0]
    if not PHONE.fullmatch(text.strip(MARKS)):
        return [whole]
    number = digits(text)
    significant = number.lstrip("0")
    if SHORTEST_PHONE <= len(significant) <= LONGEST_PHONE:
        number = significant[-PHONE_DIGITS:]
    elif len(significant) < SHORTEST_PHONE and text.strip(MARKS).startswith(("+", "00")):
        return list(dict.fromkeys([whole, number, *without_code(significant)]))
    return [number] if number in whole else [whole, number]


def without_code(number: str) -> list[str]:
    """Return the beginning of a number without its country's code, as it is written at home.

    How long the code is, ITU-T E.164 says by its first digits.
    """
    rest = CALLING_CODE.sub("", number, count=1)
    return [rest] if len(rest) > LEAST_PART else [f"0{rest}"] if len(rest) == LEAST_PART else []
