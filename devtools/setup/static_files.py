"""Static files as production serves them: hashed names, compressed, kept by browsers for ever."""

import hashlib

from devtools.setup.database import LOCAL, ROOT
from devtools.setup.environment import Project
from devtools.setup.preparation import say

COLLECTED = ROOT / "staticfiles" / "staticfiles.json"
# Packages, and what the settings take from them; our own files are beside them.
OTHERS = ("requirements.txt", "package-lock.json", "paykassma_admin/settings.py")


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
    own = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    for path in [*own, *(ROOT / name for name in OTHERS)]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
