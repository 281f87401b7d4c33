import re
import subprocess
from pathlib import Path

import pytest

from accumulations.exports import COLUMNS as ACCUMULATION_COLUMNS
from transactions.exports import COLUMNS as TRANSACTION_COLUMNS
from workspace.audit_log.views import COLUMNS as AUDIT_COLUMNS

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs/adr"
DOCUMENTS = [ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
CODE = re.compile(r"`([\w.-]+/[\w./-]*)`")


def tracked_paths() -> set[str]:
    files = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    paths = map(Path, files)
    return {str(path) for file in paths for path in (file, *file.parents)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_that_documents_name_exist(document):
    text = document.read_text()
    links = [(document.parent / link) for link in LINK.findall(text) if "://" not in link]
    existing = tracked_paths()
    folders = {path.split("/")[0] for path in existing if "/" in path}
    paths = {path.strip("/") for path in CODE.findall(text) if path.split("/")[0] in folders}

    assert [str(link) for link in links if not link.exists()] == []
    assert paths - existing == set()


def test_index_has_the_title_of_every_decision():
    index = (DECISIONS / "README.md").read_text()
    titles = {path.name: path.read_text().split("\n")[0][2:] for path in DECISIONS.glob("0*.md")}

    assert [name for name, title in titles.items() if f"[{title}]({name})" not in index] == []


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("transactions", TRANSACTION_COLUMNS),
        ("accumulations", ACCUMULATION_COLUMNS),
        ("the audit log", AUDIT_COLUMNS),
    ],
)
def test_columns_of_an_export_stand_in_their_order(file, columns):
    text = (ROOT / "docs/export.md").read_text()
    said = text.split(f"* **{file}**: ")[1].split("\n*")[0].split("\n\n")[0]

    assert re.findall(r"`(\w+)`", said) == list(columns)
