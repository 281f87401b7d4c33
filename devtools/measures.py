"""Measures of the code, as a Markdown table: `python -m devtools.measures`.

docs/adr/0036-the-house.md has the goals.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]
PRODUCT = [package for package in PACKAGES if package != "devtools"]
SCOPES = (PRODUCT, ["devtools"], ["tests"])
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

OBSCURE_OPENINGS = {"Of", "By", "What", "Whoever", "Where", "How", "And", "As", "From"}
IRREGULAR = """
been begun born bought broken brought built caught chosen done drawn driven fallen felt found given
gone grown held hidden kept known laid led left lent lost made meant met paid said seen sent
shown sold spent stood stuck sworn taken taught thought told understood won worn written
"""
NO_PARTICIPLES = "embed exceed feed need proceed red seed speed succeed"
PARTICLES = """
about after again alone along anew apart as at away back before by down first for from in into last
next now of off on once only out over since so there to together twice under until up with without
"""


# Files


def files(packages: list[str]) -> list[Path]:
    found = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if path.parent.name != "migrations"]


def lines(packages: list[str]) -> int:
    return sum(len(path.read_text().splitlines()) for path in files(packages))


def folder_sizes(packages: list[str]) -> Counter[str]:
    """Count the modules of each folder, apart from its `__init__.py`."""
    code = [path for path in files(packages) if path.name != "__init__.py"]
    return Counter(str(path.parent.relative_to(ROOT)) for path in code)


@cache
def modules(package: str) -> dict[str, ast.Module]:
    return {dotted_name(path): ast.parse(path.read_text()) for path in files([package])}


def dotted_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def middleware() -> tuple[int, int]:
    settings = (ROOT / "paykassma_admin/settings.py").read_text()
    [names] = [
        ast.literal_eval(node.value)
        for node in ast.parse(settings).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MIDDLEWARE"
    ]
    return sum(name.split(".")[0] in PRODUCT for name in names), len(names)


# Names and docstrings


def nodes(packages: list[str]) -> Iterator[ast.AST]:
    for package in packages:
        for tree in modules(package).values():
            yield from ast.walk(tree)


def function_lines(packages: list[str]) -> list[int]:
    functions = [node for node in nodes(packages) if isinstance(node, FUNCTIONS)]
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions]


def function_names(packages: list[str]) -> list[str]:
    return [node.name for node in nodes(packages) if isinstance(node, FUNCTIONS)]


def is_participle(name: str) -> bool:
    """Tell `kept` and `added_up` from `cached_choices`, which names a thing."""
    first, *rest = name.strip("_").split("_")
    is_regular = first.endswith("ed") and first not in NO_PARTICIPLES.split()
    return (is_regular or first in IRREGULAR.split()) and set(rest) <= set(PARTICLES.split())


def docstrings(packages: list[str]) -> list[str]:
    documented = (ast.Module, ast.ClassDef, *FUNCTIONS)
    found = [ast.get_docstring(node) for node in nodes(packages) if isinstance(node, documented)]
    return [text for text in found if text]


def is_obscure(docstring: str) -> bool:
    return re.split(r"\W", docstring, maxsplit=1)[0] in OBSCURE_OPENINGS


# Imports


def import_circles() -> set[frozenset[str]]:
    """Return the sets of modules that import each other, directly or not.

    Imports for types count, since those who read follow them; those inside of functions do not.
    """
    reached = {module: reach(module) for module in imports()}
    return {
        frozenset(other for other in targets if module in reached[other])
        for module, targets in reached.items()
        if module in targets
    }


def reach(module: str) -> set[str]:
    found: set[str] = set()
    ahead = [module]
    while ahead:
        new = imports()[ahead.pop()] - found
        found |= new
        ahead += new
    return found


@cache
def imports() -> dict[str, set[str]]:
    trees = {name: tree for package in PACKAGES for name, tree in modules(package).items()}
    return {
        name: {target for target in imported_names(tree) if target in trees} - {name}
        for name, tree in trees.items()
    }


def imported_names(scope: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not isinstance(node, FUNCTIONS):
            yield from imported_names(node)


# The table


def row(name: str, cells: list[str], goal: str) -> str:
    return f"| {name} | {' | '.join(cells)} | {goal} |"


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part} of {whole})"


def median_and_p90(lengths: list[int]) -> str:
    return f"{median(lengths):.0f} / {quantiles(lengths, n=10)[-1]:.0f}"


def largest_folder(packages: list[str]) -> str:
    [(folder, count)] = folder_sizes(packages).most_common(1)
    return f"{count} ({folder})"


def participles(packages: list[str]) -> str:
    names = function_names(packages)
    return share(sum(map(is_participle, names)), len(names))


def obscure_docstrings(packages: list[str]) -> str:
    found = docstrings(packages)
    return share(sum(map(is_obscure, found)), len(found))


def table() -> Iterator[str]:
    lengths = [median_and_p90(function_lines(scope)) for scope in SCOPES]
    own, all_of_them = middleware()
    yield row("", ["product", "devtools", "tests"], "goal")
    yield row("---", ["---"] * 3, "---")
    yield row("function lines, median / p90", lengths, "5 / 11")
    yield row("modules in the largest flat folder", [*map(largest_folder, SCOPES)], "≤ 15")
    yield row("functions named by a participle", [*map(participles, SCOPES)], "< 1 %")
    yield row("docstrings with an obscure opening", [*map(obscure_docstrings, SCOPES)], "0")
    yield row("lines of Python without migrations", [f"{lines(s):,}" for s in SCOPES], "less")
    yield row("own middleware of all", [f"{own} of {all_of_them}", "–", "–"], "≤ 9")
    yield row("import circles between files", [str(len(import_circles())), "", "–"], "0")


if __name__ == "__main__":
    print(*table(), sep="\n")
