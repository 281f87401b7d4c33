
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed files with hashed names, also in JavaScript's `import … from`."""

    support_js_module_import_aggregation = True
