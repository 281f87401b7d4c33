"""The form of a query: `type:fake,real amount:>5000 -label:"a b"`. It knows no fields.

A space is AND, a comma OR, a hyphen NOT. A text in quotes is a value and never an operator.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

EQUAL, RANGE = "=", ".."
AT_LEAST, AT_MOST, ABOVE, BELOW = ">=", "<=", ">", "<"

HEAD = re.compile(r"(?P<minus>[-−–]?)(?P<name>[^\W\d_][\w-]*):")
QUOTED = '"(?:[^"]|"")*"|«[^»]*»|“[^”]*”'
ATOM = rf'{QUOTED}|(?:(?!\.\.)[^\s,"«“])(?:(?!\.\.)[^\s,])*'
COMPARISON = re.compile(
    rf"(?P<operator>>=|<=|>|<|)(?P<value>(?:{ATOM})?)(?P<range>(?:\.\.)?)"
    rf"(?P<end>(?<=\.\.)(?:{ATOM})?|)"
)
WORD = re.compile(rf"{QUOTED}|\S+")
SPACE = re.compile(r"\s*")
PLAIN = re.compile(r'[^\s,"«“<>=][^\s,"]*')
OPENING = '"«“'


@dataclass(frozen=True, order=True)
class Comparison:
    operator: str
    value: str
    end: str = ""  # of a range
    is_quoted: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Term:
    field: str
    comparisons: tuple[Comparison, ...]  # joined by OR
    is_negated: bool = False
    position: int = 0


@dataclass(frozen=True)
class Word:
    """A text without a field."""

    text: str
    position: int


@dataclass(frozen=True)
class Flaw:
    """A text that has not the form of a query."""

    text: str
    position: int


def scan(text: str) -> Iterator[Term | Word | Flaw]:
    at = end_of_space(text, 0)
    while at < len(text):
        head = HEAD.match(text, at)
        found, at = scan_term(text, head) if head else scan_word(text, at)
        yield found
        at = end_of_space(text, at)


def scan_word(text: str, at: int) -> tuple[Word | Flaw, int]:
    found = WORD.match(text, at)
    assert found  # noqa: S101  # there is no space at `at`
    is_unclosed = found[0][0] in OPENING and len(unquote(found[0])) == len(found[0])
    kind = Flaw if is_unclosed else Word
    return kind(found[0] if is_unclosed else unquote(found[0]), at), found.end()


def scan_term(text: str, head: re.Match[str]) -> tuple[Term | Flaw, int]:
    comparisons, at = [], head.end()
    while True:
        found = COMPARISON.match(text, at)
        assert found  # noqa: S101  # it matches the empty text
        comparisons.append(comparison(found))
        at = found.end()
        if text[at : at + 1] != ",":
            break
        at += 1
    if rest := re.compile(r"\S+").match(text, at):
        return Flaw(rest[0], at), rest.end()
    own = head["name"].lower(), tuple(comparisons), bool(head["minus"]), head.start()
    return Term(*own), at


def comparison(found: re.Match[str]) -> Comparison:
    value, end = unquote(found["value"]), unquote(found["end"])
    is_quoted = (value, end) != (found["value"], found["end"])
    if not found["range"]:
        return Comparison(found["operator"] or EQUAL, value, is_quoted=is_quoted)
    if found["operator"] or (value and end):
        return Comparison(found["operator"] + RANGE, value, end, is_quoted)
    operator = AT_LEAST if value else AT_MOST
    return Comparison(operator, value or end, is_quoted=is_quoted)


def end_of_space(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def unquote(text: str) -> str:
    if len(text) < 2 or text[0] + text[-1] not in ('""', "«»", "“”"):
        return text
    return text[1:-1].replace('""', '"') if text[0] == '"' else text[1:-1]


def quote(value: str, *, always: bool = False) -> str:
    is_plain = PLAIN.fullmatch(value) and RANGE not in value and not always
    return value if is_plain else '"{}"'.format(value.replace('"', '""'))


def print_term(term: Term) -> str:
    values = ",".join(map(print_comparison, term.comparisons))
    return f"{'-' if term.is_negated else ''}{term.field}:{values}"


def print_comparison(each: Comparison) -> str:
    value, end = (quote(text, always=each.is_quoted) for text in (each.value, each.end))
    if each.operator == RANGE:
        return f"{value}..{end}"
    return f"{'' if each.operator == EQUAL else each.operator}{value}"
