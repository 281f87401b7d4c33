from pathlib import Path

from django.db.migrations.operations import RunSQL


def sql_file(migration: str, name: str) -> RunSQL:
    """Return an operation that runs `sql/<name>.sql` beside the migration's own file."""
    return RunSQL((Path(migration).parent / "sql" / f"{name}.sql").read_text("utf-8"))
