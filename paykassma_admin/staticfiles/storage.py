import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from paykassma_admin.staticfiles.pruning import COMMENT, prune, words

STYLES = "css/all.css"
TABLER = "@tabler/core/dist/css/tabler.min.css"
IMPORT = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed files with hashed names, also in JavaScript's `import … from`.

    The style sheets that every page has are one: nine would each be asked for before a page is
    drawn. Of Tabler's a page waits only for what it may need.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        for name, make in {STYLES: join_styles, TABLER: prune_tabler}.items():
            if name in paths and not dry_run:
                source, _name = paths[name]
                Path(self.path(name)).write_text(make(source))
                paths = {**paths, name: (self, name)}
        yield from super().post_process(paths, dry_run, **options)


def join_styles(source: Storage) -> str:
    joined = IMPORT.sub(lambda line: read(source, f"css/{line[1]}"), read(source, STYLES))
    return COMMENT.sub("", joined)


def prune_tabler(source: Storage) -> str:
    return prune(read(source, TABLER), words())


def read(source: Storage, name: str) -> str:
    with source.open(name) as file:
        text: str = file.read().decode()
        return text
