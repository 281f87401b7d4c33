"""SQL of a migration that is longer than a screen, in files beside it."""

from pathlib import Path

from django.db.migrations.operations import RunSQL


def sql_file(migration: str, name: str) -> RunSQL:
    """Return the operation that runs `sql/<name>.sql` beside the migration's own file."""
    return RunSQL((Path(migration).parent / "sql" / f"{name}.sql").read_text("utf-8"))
