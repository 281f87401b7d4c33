"""Columns of an import, declared once: a NamedTuple of a row's line and its values.

A field with a default may be left out of a file; one with an SQL type is a column of the staging
table.
"""

from typing import Any, get_type_hints

from paykassma_admin.imports.files import Columns

CODE = 'text collate "C"'


def file_columns(row: Any, *, unread: tuple[str, ...] = ()) -> Columns:
    optional = tuple(row._field_defaults)
    required = tuple(name for name in row._fields[1:] if name not in optional)
    return Columns(required, optional, unread)


def staging_columns(row: Any) -> str:
    return ", ".join(f"{name} {sql_type}" for name, (sql_type, *_rest) in annotations(row).items())


def annotations(row: Any) -> dict[str, tuple[Any, ...]]:
    hints = get_type_hints(row, include_extras=True)
    return {
        name: hint.__metadata__ for name, hint in hints.items() if hasattr(hint, "__metadata__")
    }
