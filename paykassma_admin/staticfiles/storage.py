import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/all.css"
IMPORT = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed files with hashed names, also in JavaScript's `import … from`.

    The style sheets that every page has are one: nine would each be asked for before a page is drawn.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if STYLES in paths and not dry_run:
            source, _name = paths[STYLES]
            Path(self.path(STYLES)).write_text(join_styles(source))
            paths = {**paths, STYLES: (self, STYLES)}
        yield from super().post_process(paths, dry_run, **options)


def join_styles(source: Storage) -> str:
    def read(name: str) -> str:
        with source.open(name) as file:
            text: str = file.read().decode()
            return text

    return IMPORT.sub(lambda line: read(f"css/{line[1]}"), read(STYLES))
