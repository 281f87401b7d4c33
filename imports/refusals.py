"""Rows that were refused: kept with their reasons, and given back as a file to be mended."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from imports.models import ImportFile, RefusedRow
from jobs.models import Job
from paykassma_admin.exports.formulas import escape_text
from paykassma_admin.imports.batches import Record, Report, RowError
from paykassma_admin.imports.files import REASON_COLUMNS

MAX_KEPT = 20_000


class Refusals:
    """Passes records on and keeps the texts of those that come to be refused.

    A batch is read ahead, in another thread: its lines are later than those of its report.
    """

    def __init__(
        self,
        file: ImportFile,
        job: Job,
        records: Iterable[Record | RowError],
        *,
        is_first: bool,
    ) -> None:
        self.file, self.job, self.records = file, job, records
        self.texts: dict[int, list[str]] = {}
        own = RefusedRow.objects.for_client(file.client).filter(file=file, job_id=job.pk)
        self.kept = 0 if is_first else own.count()
        if is_first:
            own.delete()  # of an attempt before

    def __iter__(self) -> Iterator[Record | RowError]:
        for record in self.records:
            if not isinstance(record, RowError):
                self.texts[record[0]] = record[1]
            yield record

    def keep(self, report: Report) -> None:
        rows = map(self.refused_row, islice(report.errors, max(MAX_KEPT - self.kept, 0)))
        self.kept += len(RefusedRow.unscoped.bulk_create(rows, batch_size=1_000))
        lines = chain((error.line for error in report.errors), *report.lines.values())
        last = max(lines, default=0)
        for line in [line for line in [*self.texts] if line <= last]:
            del self.texts[line]

    def refused_row(self, error: RowError) -> RefusedRow:
        return RefusedRow(
            client=self.file.client,
            file=self.file,
            job_id=self.job.pk,
            line=error.line,
            field=error.field[:200],
            reason=error.reason,
            texts=self.texts.get(error.line, []),
        )


class Echo:
    def write(self, text: str) -> str:
        return text


def refused_csv(file: ImportFile, rows: Iterable[RefusedRow]) -> Iterator[str]:
    """Yield lines of CSV in our columns, with the reasons in three that an import passes over."""
    write = csv.writer(Echo()).writerow
    names = file.reading.columns.names
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # by which spreadsheets know UTF-8
    yield write([*names, *REASON_COLUMNS])
    for row in rows:
        texts: list[Any] = row.texts or [""] * len(names)
        yield write([*map(escape_text, texts), row.line, row.field, escape_text(row.reason)])
