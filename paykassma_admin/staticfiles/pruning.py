"""Parts of a style sheet, made for everybody, that this product can meet: of Tabler's, a sixth.

A class that a page can have is a word of a template, a script or a module. One that is put together
from pieces is not found, and has no style.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

WORD = re.compile(r"[\w-]+")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COMMA = re.compile(r",(?![^(]*\))")  # between selectors, and not in `:is(a, b)`
CHOICE = re.compile(r"\(.*\)")  # of `:is()` or `:not()`: not all of it need be met
EDGE = re.compile(r""""[^"]*"|'[^']*'|[{};]""")


@cache
def words() -> frozenset[str]:
    return frozenset(word for path in sources() for word in WORD.findall(path.read_text()))


def sources() -> Iterator[Path]:
    yield from (settings.BASE_DIR / "templates").rglob("*.html")
    yield from (settings.BASE_DIR / "static").rglob("*.js")
    yield from (settings.BASE_DIR / "paykassma_admin").rglob("*.py")
    for app in apps.get_app_configs():
        if Path(app.path).parent == settings.BASE_DIR:
            yield from Path(app.path).rglob("*.py")


def prune(style: str, known: frozenset[str]) -> str:
    """Return the rules whose classes are known, and all that is no rule of a class."""
    return "".join(pruned_rules(COMMENT.sub("", style), known))


def pruned_rules(style: str, known: frozenset[str]) -> Iterator[str]:
    for head, body in split_rules(style):
        if not body:
            yield head
        elif head.startswith(("@media", "@supports")):
            inner = "".join(pruned_rules(body, known))
            yield f"{head}{{{inner}}}" if inner else ""
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            met = [each for each in COMMA.split(head) if is_met(each, known)]
            yield f"{','.join(met)}{{{body}}}" if met else ""


def is_met(selector: str, known: frozenset[str]) -> bool:
    return known.issuperset(CLASS.findall(CHOICE.sub("", selector)))


def split_rules(style: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and between the braces of each rule, or a statement without any."""
    start = opening = depth = 0
    for edge in EDGE.finditer(style):
        if edge[0] == "{":
            opening = opening if depth else edge.start()
            depth += 1
        elif edge[0] == "}":
            depth -= 1
            if not depth:
                yield style[start:opening].strip(), style[opening + 1 : edge.start()]
                start = edge.end()
        elif edge[0] == ";" and not depth:
            yield style[start : edge.end()], ""
            start = edge.end()
