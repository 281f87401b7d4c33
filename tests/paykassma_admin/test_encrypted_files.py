import os

import pytest

from paykassma_admin.encrypted_files import (
    PIECE_BYTES,
    SALT_BYTES,
    DamagedFile,
    EncryptedWriter,
    open_encrypted,
)

TEXT = b"a payer, and an amount\n"


def write(path, text):
    with EncryptedWriter(path) as file:
        for begin in range(0, len(text), 50_000):
            file.write(text[begin : begin + 50_000])
    return file


def read(path):
    with open_encrypted(path) as file:
        return file.read()


@pytest.mark.parametrize(
    "size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]
)
def test_what_was_written_is_read(tmp_path, size):
    text = os.urandom(size)

    file = write(tmp_path / "file", text)

    assert read(tmp_path / "file") == text
    assert file.size == size


def test_disk_has_nothing_of_the_text_and_no_one_else_reads_it(tmp_path):
    write(tmp_path / "file", TEXT)

    assert TEXT.strip() not in (tmp_path / "file").read_bytes()
    assert (tmp_path / "file").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", [0, SALT_BYTES, -1])
def test_changed_byte_is_found(tmp_path, place):
    write(tmp_path / "file", TEXT)
    stored = bytearray((tmp_path / "file").read_bytes())
    stored[place] ^= 1
    (tmp_path / "file").write_bytes(stored)

    with pytest.raises(DamagedFile):
        read(tmp_path / "file")


def test_file_cut_between_pieces_is_found(tmp_path):
    write(tmp_path / "file", bytes(2 * PIECE_BYTES))
    stored = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(stored[: SALT_BYTES + PIECE_BYTES + 16])

    with pytest.raises(DamagedFile):
        read(tmp_path / "file")


def test_file_of_another_key_is_not_read(tmp_path, settings):
    write(tmp_path / "file", TEXT)
    settings.FILES_KEY = "another"

    with pytest.raises(DamagedFile):
        read(tmp_path / "file")


def test_file_that_breaks_off_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), EncryptedWriter(tmp_path / "file") as file:
        file.write(TEXT)
        raise RuntimeError

    assert [*tmp_path.iterdir()] == []
