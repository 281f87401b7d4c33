"""Columns of a file as they were chosen: remembered by its header, else by equal names."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from imports.models import ColumnChoice, ImportFile


def header_digest(names: Sequence[str]) -> str:
    return sha256(json.dumps(sorted(names)).encode()).hexdigest()


def offer_columns(file: ImportFile, names: Sequence[str]) -> Mapping[str, str]:
    """Return the file's name for each of our columns, and its spellings, as far as known."""
    if file.columns:
        return {**file.columns, **file.spelling}
    of_header = ColumnChoice.objects.for_client(file.client).filter(
        content=file.content, header_sha256=header_digest(names)
    )
    if (remembered := of_header.first()) is not None:
        return {**remembered.columns, **remembered.spelling}
    return {name: name for name in file.reading.columns.names if name in names}


def remember_columns(file: ImportFile, names: Sequence[str]) -> None:
    ColumnChoice.unscoped.bulk_create(
        [
            ColumnChoice(
                client=file.client,
                content=file.content,
                header_sha256=header_digest(names),
                columns=file.columns,
                spelling=file.spelling,
            )
        ],
        update_conflicts=True,
        unique_fields=["client", "content", "header_sha256"],
        update_fields=["columns", "spelling"],
    )
