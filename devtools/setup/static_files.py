"""Static files as production serves them: hashed names, compressed, kept by browsers for ever."""

import hashlib
from pathlib import Path

from devtools.setup.database import LOCAL, ROOT
from devtools.setup.environment import Project
from devtools.setup.preparation import say

COLLECTED = ROOT / "staticfiles" / "staticfiles.json"
PACKAGES = ("requirements.txt", "package-lock.json")
# Our own files, and what they are made for: of Tabler's styles is served what these name.
OURS = ("static/**/*", "templates/**/*.html", "[a-z]*/**/*.py")
NOT_OURS = ("node_modules", "tests", "devtools")


def collect_static_files(project: Project) -> None:
    note = LOCAL / "static_files"
    digest = digest_of_static_files()
    if COLLECTED.exists() and note.exists() and note.read_text() == digest:
        return
    say("Compressing static files …")
    project.prepare("collectstatic", "--noinput", "--verbosity=0")
    note.write_text(digest)


def digest_of_static_files() -> str:
    digest = hashlib.sha256()
    for path in [*sorted(own_files()), *(ROOT / name for name in PACKAGES)]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def own_files() -> set[Path]:
    found = {path for pattern in OURS for path in ROOT.glob(pattern) if path.is_file()}
    return {path for path in found if path.relative_to(ROOT).parts[0] not in NOT_OURS}
