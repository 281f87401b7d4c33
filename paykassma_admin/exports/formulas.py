"""Escapes for texts that a spreadsheet would calculate, set by exports and removed by imports."""

import re

from django.db.models import Func, TextField

# Spreadsheets take full-width and small forms for the signs themselves, as soon as a cell is edited
# under an input method; so what Unicode calls compatible with a sign counts as it. In their order.
SIGNS = "=+-@⁺⁻⁼₊₋₌−⩵⩶﬩﹢﹣﹦﹫＋－＝＠"
STARTS = f"{SIGNS}\t\r"
FIRST_WIDE = min(SIGNS[4:])
MARK = "'"
NUMBER = "^[-+][0-9]+([.][0-9]+)?$"  # stays: harmless, and many a counterparty is a telephone

CODES = ", ".join(str(ord(start)) for start in STARTS)
MARKED = re.compile(f"{MARK}+[{re.escape(STARTS)}]")

# Where commas are decimal, a spreadsheet begins a cell at a semicolon, whatever the quotes around
# it; others at a tab, and a row at a line's end.
PARTED = r"""([;\t\r\n][" \t\r\n\f\v]*)"""
ANY_SIGN = "|".join(map(re.escape, SIGNS))  # of a file's bytes, in which no class of them can be
WITHIN = re.compile(f"{PARTED}({MARK}*(?:{ANY_SIGN}))".encode())
MARKED_WITHIN = re.compile(f"{PARTED}{MARK}({MARK}*(?:{ANY_SIGN}))")


class EscapedFormula(Func):
    """A text column, with an apostrophe before each text that looks like a formula.

    A text that looks escaped is escaped again, so that an import knows what to remove. Texts that
    begin with a letter or digit pass first, except letters beyond the first wide sign: a fifth less
    time.
    """

    template = (
        """case when ((%(expressions)s collate "C") < 'A'"""
        """ and ((%(expressions)s collate "C") < '0' or (%(expressions)s collate "C") >= ':')"""
        f""" or (%(expressions)s collate "C") >= '{FIRST_WIDE}')"""
        f" and ascii(ltrim(%(expressions)s, '''')) in ({CODES})"
        f" and %(expressions)s !~ '{NUMBER}'"
        " then '''' || %(expressions)s else %(expressions)s end"
    )
    output_field = TextField()


def escape_text(text: str) -> str:
    """Return what EscapedFormula selects."""
    is_formula = text.lstrip(MARK)[:1] in {*STARTS} and not re.match(NUMBER, text)
    return f"{MARK}{text}" if is_formula else text


def escape_cells(rows: list[bytes]) -> bytes:
    """Escape formulas inside the texts of CSV lines, one row each.

    It works on lines as they are written: no match reaches past a comma into the next cell.
    """
    lines = b"".join(rows)
    if not any(sign in lines for sign in (b";", b"\t", b'"')):  # a line's end is quoted
        return lines
    return b"".join(WITHIN.sub(rb"\1'\2", row) for row in rows)


def unescape_row(row: list[str]) -> list[str]:
    """Return the texts that were exported; most rows have no apostrophe and return at once."""
    return [unescape(text) for text in row] if MARK in "".join(row) else row


def unescape(text: str) -> str:
    begun = text.removeprefix(MARK) if MARKED.match(text) else text
    return MARKED_WITHIN.sub(r"\1\2", begun)
