"""docs/security.md is signed: what it names is there, and it leaves no item of ASVS out."""

import ast
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs/security.md").read_text()

# OWASP ASVS 5.0: how many items of levels 1 and 2 each section has. Those of level 3 come last.
SECTIONS = {
    1: {1: 2, 2: 9, 3: 11, 4: 3, 5: 2},
    2: {1: 3, 2: 3, 3: 4, 4: 1},
    3: {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    4: {1: 3, 2: 1, 3: 2, 4: 4},
    5: {1: 1, 2: 3, 3: 2, 4: 3},
    6: {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    7: {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2},
    8: {1: 2, 2: 3, 3: 1, 4: 1},
    9: {1: 3, 2: 4},
    10: {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3},
    11: {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1},
    12: {1: 3, 2: 2, 3: 4},
    13: {1: 1, 2: 5, 3: 2, 4: 5},
    14: {1: 2, 2: 4, 3: 3},
    15: {1: 3, 2: 3, 3: 7},
    16: {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
    17: {1: 1, 2: 4, 3: 2},
}
ITEMS = [
    f"{chapter}.{section}.{item}"
    for chapter, sections in SECTIONS.items()
    for section, count in sections.items()
    for item in range(1, count + 1)
]

ITEM = r"\d+\.\d+\.\d+"
ROW = re.compile(rf"^\| ({ITEM})(?:–({ITEM}))? \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"(tests/[\w/]+\.py)::((?:\w+::)?test_\w+)")
NAME_OF_TEST = re.compile(r"(?<!/)\btest_\w+")  # in whatever way it is named
FILE = re.compile(r"`([\w./-]+\.(?:py|md|sql|html|js|txt|json|toml|conf|example))[`:]")
DECISIONS = re.compile(r"docs/adr/(\d{4}(?:, \d{4})*)")

ROWS = ROW.findall(DOCUMENT)
OPEN, OUTSIDE, UNTESTED, NOTHING = "open: ", "does not apply: ", "no test of its own", "—"


def items_of(first, last):
    """Those that a row stands for: one, or all from one to another."""
    return ITEMS[ITEMS.index(first) : ITEMS.index(last or first) + 1]


@cache
def names_in(path):
    tree = ast.parse((ROOT / path).read_text())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    in_classes = ((f"{each.name}::", each.body) for each in classes)
    return {
        prefix + node.name
        for prefix, body in chain([("", tree.body)], in_classes)
        for node in body
        if isinstance(node, ast.FunctionDef)
    }


def section(heading):
    return DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("path", sorted({path for path, _test in TEST.findall(DOCUMENT)}))
def test_every_test_that_it_names_is_there(path):
    named = {test for file, test in TEST.findall(DOCUMENT) if file == path}

    assert named <= names_in(path)


def test_no_test_is_named_without_its_file():
    shown = " ".join(shown for *_cells, shown in ROWS)

    assert NAME_OF_TEST.findall(TEST.sub("", shown)) == []


def test_every_decision_that_it_cites_is_there():
    cited = {number for list_ in DECISIONS.findall(DOCUMENT) for number in list_.split(", ")}
    written = {path.name[:4] for path in (ROOT / "docs/adr").glob("*.md")}

    assert len(cited) > 5
    assert cited <= written


def test_every_file_that_it_names_is_there():
    named = set(FILE.findall(DOCUMENT))

    assert len(named) > 20
    assert {file for file in named if not (ROOT / file).is_file()} == set()


def test_every_item_of_levels_1_and_2_stands_in_it_once_and_in_order():
    listed = [item for first, last, *_cells in ROWS for item in items_of(first, last)]

    assert listed == ITEMS


def test_every_item_says_what_holds_it_and_which_test_shows_it():
    for first, _last, _asks, held, shown in ROWS:
        is_held = not held.startswith((OPEN, OUTSIDE))
        assert not is_held or TEST.search(shown) or shown.startswith(UNTESTED), first
        assert held.startswith(OPEN) or is_held == (shown != NOTHING), first


def test_what_is_open_is_listed_at_the_top():
    open_rows = [
        (first, last) for first, last, _asks, held, _shown in ROWS if held.startswith(OPEN)
    ]
    first_to_see = re.findall(rf"\b{ITEM}\b", section("Open"))

    assert len(first_to_see) == len(set(first_to_see))
    assert set(first_to_see) == {item for row in open_rows for item in items_of(*row)}
