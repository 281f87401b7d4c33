"""Removal of files after 30 days, with their rows; and of what no row names any more."""

import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from imports.models import KEPT, ImportFile, RefusedRow
from paykassma_admin.database.tenancy import WORKER


def remove_old_files() -> int:
    """Remove files older than KEPT, and their rows. Return the count of files."""
    with transaction.atomic(using=WORKER):
        old = ImportFile.unscoped.using(WORKER).filter(made_at__lt=Now() - KEPT)
        RefusedRow.unscoped.using(WORKER).filter(file__in=old).delete()
        count, _by_model = old.delete()
    remove_from_disk()
    return count


def remove_from_disk() -> None:
    before = time.time() - KEPT.total_seconds()
    for path in Path(settings.UPLOADS_DIR).glob("*/*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
