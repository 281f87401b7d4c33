"""Texts that a spreadsheet would calculate: marked in what we export, unmarked in an import."""

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
    """A column of texts, with an apostrophe before each that looks like a formula.

    And before each that looks as if it had one from us, so that an import knows which to take off.
    All that begin with a letter or digit are let by first, but for letters beyond the first wide
    sign: a file is written in a fifth less time.
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


def escape_cells(rows: list[bytes]) -> bytes:
    """Lines of a file, one a row, with an apostrophe where a formula would begin inside a text.

    Of the line as it is written: no match reaches from one cell to the next, past their comma.
    """
    lines = b"".join(rows)
    if not any(sign in lines for sign in (b";", b"\t", b'"')):  # a line's end is quoted
        return lines
    return b"".join(WITHIN.sub(rb"\1'\2", row) for row in rows)


def unescape_row(row: list[str]) -> list[str]:
    """The texts that were exported; most rows have no apostrophe and need no second look."""
    return [unescape(text) for text in row] if MARK in "".join(row) else row


def unescape(text: str) -> str:
    begun = text.removeprefix(MARK) if MARKED.match(text) else text
    return MARKED_WITHIN.sub(r"\1\2", begun)
