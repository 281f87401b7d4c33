import ast

import pytest

from devtools import measures


def test_no_files_import_each_other_in_a_circle():
    assert measures.import_circles() == set()


def test_no_folder_holds_over_fifteen_modules():
    sizes = measures.folder_sizes([*measures.PACKAGES, "tests"])

    assert {folder: size for folder, size in sizes.items() if size > 15} == {}


def test_the_product_imports_no_tools():
    """Also not inside of functions, and from no package that import-linter does not know."""
    [contract] = measures.PROJECT["tool"]["importlinter"]["contracts"]
    packages = {path.parent.name for path in measures.ROOT.glob("*/__init__.py")} - {"tests"}

    assert set(contract["layers"]) == packages
    assert contract["layers"][0] == "devtools"
    assert "ignore_imports" not in contract


@pytest.mark.parametrize("packages", measures.SCOPES, ids=str)
def test_names_and_docstrings_keep_to_the_words(packages):
    names, docstrings = measures.function_names(packages), measures.docstrings(packages)

    assert sum(map(measures.is_participle, names)) < len(names) / 100
    assert [text for text in docstrings if measures.is_obscure(text)] == []


@pytest.fixture
def circle(monkeypatch):
    sources = {"one": "import two", "two": "from three import x", "three": "if x:\n import one"}
    sources["four"] = "def later():\n    import four, one"
    trees = {name: ast.parse(source) for name, source in sources.items()}
    monkeypatch.setattr(measures, "PACKAGES", ["all"])
    monkeypatch.setattr(measures, "modules", lambda package: trees)
    measures.imports.cache_clear()
    yield
    measures.imports.cache_clear()


def test_a_circle_is_found(circle):
    assert measures.import_circles() == {frozenset({"one", "two", "three"})}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("asked", True),
        ("_told", True),
        ("added_up", True),
        ("cached_choices", False),
        ("need", False),
        ("replace", False),
    ],
)
def test_participles_are_told_from_other_names(name, expected):
    assert measures.is_participle(name) is expected


def test_table_measures_all_scopes():
    heading, _rule, *rows = measures.table()

    assert all(row.count("|") == heading.count("|") == 6 for row in rows)
