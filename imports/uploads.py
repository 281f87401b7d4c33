"""Receipt of a file that is sent: encrypted on its way to the disk, never whole in memory."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from clients.models import Client
from imports.models import file_path
from paykassma_admin.encrypted_files import EncryptedWriter, open_encrypted
from paykassma_admin.imports.preview import Preview, preview

MAX_BYTES = 200 * 1024 * 1024


@dataclass
class StoredFile:
    key: uuid.UUID
    size: int
    sha256: str


class SentFile(UploadedFile[bytes]):
    """A file whose bytes lie on the disk already."""

    stored: StoredFile


class EncryptedUploadHandler(FileUploadHandler):
    """Writes one file; `discard` removes what no row of the database came to name."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client_id, self.key = client.pk, uuid.uuid4()
        self.writer: EncryptedWriter | None = None
        self.is_kept = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.writer is not None:
            raise StopUpload(connection_reset=True)  # one file a form
        self.writer = EncryptedWriter(file_path(self.client_id, self.key.hex))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.writer is not None  # noqa: S101  # by new_file()
        self.writer.write(raw_data)
        if self.writer.size > MAX_BYTES:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> SentFile:
        assert self.writer is not None  # noqa: S101  # by new_file()
        self.writer.close()
        sent = SentFile(name=self.file_name, size=file_size)
        sent.stored = StoredFile(self.key, file_size, self.writer.sha256)
        return sent

    def preview(self) -> Preview:
        """Raise BadFile if what was sent is no table."""
        assert self.writer is not None  # noqa: S101  # by new_file()
        with open_encrypted(self.writer.path) as stream:
            return preview(stream)

    def discard(self) -> None:
        if self.writer is not None and not self.is_kept:
            self.writer.discard()
            self.writer.path.unlink(missing_ok=True)
