"""A finder of static files in node_modules: those that NPM_FILES allows, and no others.

Packages bring sources, demos and second builds along; none of that is to be served.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage

Checks = list[CheckMessage]


class NpmFinder(BaseFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.NPM_ROOT)
        self.storage = FileSystemStorage(location=self.root)

    def check(self, **kwargs: Any) -> Checks:
        """Warn of a pattern without a file: its package is missing, or has renamed it."""
        return [
            Warning(f"NPM_FILES: no file is called {pattern}.", hint="Run `npm ci`.", id="npm.W001")
            for pattern in settings.NPM_FILES
            if not any(self.root.glob(pattern))
        ]

    def find(self, path: str, find_all: bool = False) -> Any:
        found = [str(self.root / path)] if path in set(self._files()) else []
        if find_all:
            return found
        return found[0] if found else None

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in self._files():
            yield path, self.storage

    def _files(self) -> Iterator[str]:
        for pattern in settings.NPM_FILES:
            for path in sorted(self.root.glob(pattern)):
                if path.is_file():
                    yield path.relative_to(self.root).as_posix()
