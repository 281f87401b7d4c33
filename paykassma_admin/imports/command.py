import sys
from abc import abstractmethod
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paykassma_admin.imports.batches import BadFile, Record, Report, RowError, RowOutcome
from paykassma_admin.imports.files import Columns, read

STANDARD_INPUT = "-"
READ_BYTES = 1024 * 1024
OUTAGES = (OperationalError, InterfaceError)
INTERRUPTED = 130  # what shells say of Ctrl-C


class ImportCommand(BaseCommand):
    columns: ClassVar[Columns]

    @abstractmethod
    def reports(
        self, records: Iterable[Record | RowError], options: dict[str, Any]
    ) -> Generator[Report]:
        pass

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV or JSON Lines; - reads standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Report()
        try:
            with open_input(options["file"]) as stream:
                options |= {"sha256": digest_of(stream)}
                with closing(self.reports(read(stream, self.columns), options)) as reports:
                    for report in reports:
                        self.print_report(report, total)
        except BadFile as error:
            raise self.failure(str(error), total) from error
        except OUTAGES as error:
            raise self.failure(outage_message(error), total) from error
        except KeyboardInterrupt:
            raise self.failure(_("Interrupted."), total, returncode=INTERRUPTED) from None
        self.finish(total)

    def print_report(self, report: Report, total: Report) -> None:
        total.count(report)
        self.clear_progress()
        for refusal in report.errors:
            self.stderr.write(str(refusal), self.style.WARNING)
        if self.stderr.isatty():
            self.stderr.write(f"\r{total}", str, ending="")
            self.stderr.flush()

    def clear_progress(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\x1b[K", str, ending="")

    def failure(self, sentence: str, total: Report, *, returncode: int = 1) -> CommandError:
        self.clear_progress()
        if total.outcomes:
            self.stdout.write(str(total))
            sentence = f"{sentence} {_('What the report counts is stored.')}"
        return CommandError(sentence, returncode=returncode)

    def finish(self, total: Report) -> None:
        self.clear_progress()
        self.stdout.write(str(total))
        refused = total.outcomes[RowOutcome.REFUSED]
        if refused:
            raise CommandError(
                ngettext("%(count)s row was refused.", "%(count)s rows were refused.", refused)
                % {"count": refused}
            )


@contextmanager
def open_input(file: str) -> Iterator[BinaryIO]:
    if file == STANDARD_INPUT:
        # Of its own: a thread may wait in it when Python, at its end, closes the usual one.
        yield BufferedReader(cast(BufferedReader, sys.stdin.buffer).raw)
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise BadFile(_("There is no file %(file)s.") % {"file": file}) from None
    except IsADirectoryError:
        raise BadFile(_("%(file)s is a folder.") % {"file": file}) from None
    except OSError as error:
        sentence = _("%(file)s cannot be read: %(reason)s.")
        raise BadFile(sentence % {"file": file, "reason": error.strerror}) from error


def digest_of(stream: BinaryIO) -> str:
    """Return the SHA-256 of a file, read from its beginning; "" of what can be read but once."""
    if not stream.seekable():
        return ""
    digest = sha256()
    while chunk := stream.read(READ_BYTES):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def outage_message(error: Exception) -> str:
    reason = str(error).strip().partition("\n")[0].rstrip(".")
    return _("The database does not answer: %(reason)s.") % {"reason": reason}
