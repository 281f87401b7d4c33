"""How static files are kept for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed, under hashed names, which `import … from` of a JavaScript module gets, too."""

    support_js_module_import_aggregation = True
