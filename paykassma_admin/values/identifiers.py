"""Cleaning of numbers, labels, order numbers, wallets and codes, wherever they come from.

A file, a form, an address and the API give the same text as it was copied, or as a spreadsheet left
it. What cannot be seen around it comes off; what changes it is refused, never guessed.
"""

import re
from collections.abc import Iterator
from unicodedata import normalize

from django.utils.translation import gettext as _

# Format characters (Unicode's category Cf), and others that are drawn as nothing.
INVISIBLE_RANGES = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{INVISIBLE_RANGES}]")
JOINERS = "\u200c\u200d"  # which letters of Indic names and of Persian ones are written with

APOSTROPHES = "'’‘‚‛`´′ʼ＇"  # that is what they are
QUOTES = '"“”„‟″«»‹›＂'
MARKS = APOSTROPHES + QUOTES
FORMULA_SIGNS = "=+-@＝＋－＠"  # that is what they are

PLAIN = re.compile(r"[A-Za-z0-9_.:/@#-]*", re.ASCII)
SPACE = re.compile(r"[^\S\t\n\v\f\r ]")
WORD = re.compile(r"\w")
MARK = re.compile(f"[{MARKS}]")
QUOTE_WITHIN = re.compile(rf"(?<!\w)[{MARKS}]|[{MARKS}](?!\w)")
TEXT_FORMULA = re.compile(f"[=＝]\\s*([{QUOTES}].*[{QUOTES}])", re.DOTALL)  # ="432…"
SHORTENED = re.compile(r"[0-9]+([.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)

PREFIX_WORDS = re.compile(r"([^\W\d_]++(\s*[.:#№]+\s*|\s+)|[#№]\s*)++(?=.*[0-9])", re.DOTALL)
SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212-]+")


class BadIdentifier(ValueError):
    """An invalid identifier; the message is the reason."""

    @property
    def sentence(self) -> str:
        reason = str(self)
        return f"{reason[:1].upper()}{reason[1:]}."


def expand_ranges(ranges: str) -> Iterator[str]:
    for first, last in re.findall("(.)(?:-(.))?", ranges):
        yield from map(chr, range(ord(first), ord(last or first) + 1))


SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
UNSEEN = SPACES + "".join(expand_ranges(INVISIBLE_RANGES))
UNSEEN_BESIDE_JOINERS = "".join(sign for sign in UNSEEN if sign not in JOINERS)


def trim(text: str) -> str:
    """Return a text without invisible characters around it. A joiner may end a name."""
    return text.strip() if text.isascii() else text.strip(UNSEEN_BESIDE_JOINERS)


def clean(text: str, *, is_number: bool = False) -> str:
    """Return the identifier as it is stored and searched. Raise BadIdentifier."""
    if PLAIN.fullmatch(text):
        return text
    text = strip_text_marks(SPACE.sub(" ", normalize("NFC", text.strip(UNSEEN))))
    refuse_shortened(text)
    if found := INVISIBLE.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise BadIdentifier(_("has an invisible character inside (%(code)s)") % {"code": code})
    return strip_number_marks(text) if is_number else text


def strip_number_marks(number: str) -> str:
    bare = number.strip(MARKS + UNSEEN)
    if found := MARK.search(bare):
        raise BadIdentifier(
            _("has a quotation mark or apostrophe inside (%(mark)s)") % {"mark": found[0]}
        )
    return bare


def refuse_shortened(text: str) -> None:
    if SHORTENED.fullmatch(text):
        reason = _("a spreadsheet has shortened this number (%(value)s): write all its digits")
        raise BadIdentifier(reason % {"value": text[:40]})


def strip_text_marks(text: str) -> str:
    """Return the text between marks by which a spreadsheet or a program keeps it a text.

    Where a mark is a part of the text itself (rock 'n'), all stay.
    """
    while formula := TEXT_FORMULA.fullmatch(text):
        text = formula[1]
    inner = text.strip(MARKS)
    if inner in ("", text) or QUOTE_WITHIN.search(inner):
        return text
    # Before a sign it is the sign's (a formula that formulas.py has left), not the value's.
    is_begun, is_ended = text[0] in MARKS, text[-1] in MARKS
    is_around = is_begun and is_ended
    edge = inner[0] if is_begun else inner[-1]
    return inner.strip(UNSEEN) if is_around or WORD.match(edge) else text


def uppercase(number: str) -> str:
    """Return the number of a payment system whose numbers ignore case.

    As PostgreSQL's upper() does: letters that would become several stay.
    """
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in number)


def case_variants(numbers: list[str]) -> list[str]:
    return list(dict.fromkeys([*numbers, *map(uppercase, numbers)]))


def is_prefix(text: str) -> bool:
    """Return whether `text` asks for a beginning; a backslash asks for the star itself."""
    return text.endswith("*") and not text.endswith(r"\*")


def unescape(text: str) -> str:
    return f"{text[:-2]}*" if text.endswith(r"\*") else text


def escape(identifier: str) -> str:
    """Return what asks for the whole identifier, even if it ends in a star."""
    return rf"{identifier[:-1]}\*" if identifier.endswith("*") else identifier


def spellings(text: str) -> list[str]:
    """Return the spellings to look for, in order: "UTR 4321-98" may be stored as "432198".

    A prefix ("UTR 4321*") likewise, unless a separator ends it: "ord-*" does not find "ord_1".
    """
    if text.endswith(r"\*"):
        return [text]
    whole, star = (text[:-1], "*") if is_prefix(text) else (text, "")
    bare = PREFIX_WORDS.sub("", whole, count=1) if PREFIX_WORDS.match(whole) else whole
    tried = [whole, normalize("NFD", whole), bare]
    if not (star and SEPARATORS.search(whole[-1:])):
        tried += [SEPARATORS.sub("", whole), SEPARATORS.sub("", bare)]
    shortest = 3 if star else 1
    return [f"{each}{star}" for each in dict.fromkeys(tried) if len(each) >= shortest] or [text]
