"""Files that are encrypted on the disk, piece by piece: none of them is ever whole in memory.

A file is a salt and pieces of AES-GCM, under a key of its own, which HKDF makes of FILES_KEY and
the salt. A piece is bound to its place, and to being the last one: what is cut, swapped or changed
is not read.
"""

import io
import os
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SALT_BYTES = 16
PIECE_BYTES = 64 * 1024
SEALED_BYTES = PIECE_BYTES + 16


class DamagedFile(Exception):
    """The file is not what was written, or FILES_KEY is another one."""


def key_of(salt: bytes) -> AESGCM:
    secret = (settings.FILES_KEY or settings.SECRET_KEY).encode()
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=b"paykassma files").derive(secret))


def nonce(place: int, *, is_last: bool) -> bytes:
    return place.to_bytes(11) + bytes([is_last])


class EncryptedWriter:
    """Writes a file beside its place, and puts it there when it is closed whole.

    `size` and `sha256` are of what was written, before its encryption.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self.unfinished = path, path.with_suffix(".part")
        salt = os.urandom(SALT_BYTES)
        self._key, self._place, self._waiting, self.size = key_of(salt), 0, b"", 0
        self._digest = sha256()
        self._file: BinaryIO = open(self.unfinished, "xb", opener=for_its_owner_alone)  # noqa: SIM115
        self._file.write(salt)

    def write(self, text: bytes) -> None:
        self.size += len(text)
        self._digest.update(text)
        self._waiting += text
        while len(self._waiting) > PIECE_BYTES:  # the last piece waits for the end
            self._seal(self._waiting[:PIECE_BYTES], is_last=False)
            self._waiting = self._waiting[PIECE_BYTES:]

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._key.encrypt(nonce(self._place, is_last=is_last), piece, None))
        self._place += 1

    def close(self) -> None:
        self._seal(self._waiting, is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self.unfinished.rename(self.path)

    def discard(self) -> None:
        self._file.close()
        self.unfinished.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_raised: object) -> None:
        if error is None:
            self.close()
        else:
            self.discard()


def for_its_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class EncryptedReader(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._key = key_of(self._file.read(SALT_BYTES))
        self._place, self._coming, self._piece = 0, self._file.read(SEALED_BYTES), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._piece and self._place >= 0:
            self._piece = self._open_next()
        count = min(len(buffer), len(self._piece))
        buffer[:count], self._piece = self._piece[:count], self._piece[count:]
        return count

    def _open_next(self) -> bytes:
        sealed, self._coming = self._coming, self._file.read(SEALED_BYTES)
        is_last = not self._coming
        try:
            piece = self._key.decrypt(nonce(self._place, is_last=is_last), sealed, None)
        except InvalidTag:
            raise DamagedFile from None
        self._place = -1 if is_last else self._place + 1
        return piece

    def close(self) -> None:
        self._file.close()
        super().close()


def open_encrypted(path: Path) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(EncryptedReader(path.open("rb")), PIECE_BYTES))
