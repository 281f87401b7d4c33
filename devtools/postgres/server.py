"""One PostgreSQL server process and its folders. Who may start and stop it is not decided here.

folder/data          PostgreSQL's own
folder/elsewhere     in its stead a link to a public place, where PostgreSQL may not enter `folder`
folder/socket        names the socket's folder, the same one at each start
"""

import locale
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from devtools.postgres.programs import PostgresError, Programs, reason

SUPERUSER = "postgres"
PORT = "5432"  # of a Unix socket: a part of the file's name, it takes no port of the machine

# The path of a Unix socket may have 103 bytes on macOS, 107 on Linux.
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")

# Children of a killed server may need this long to notice; until then a new one refuses to start.
ORPHANS_LINGER_SECONDS = 60
ORPHANS_LAST_WORDS = "due to unexpected postmaster exit"  # they end up in the new one's log

# What a letter is, pg_trgm asks the C library, not the builtin locale. In "C" only Latin ones are:
# a search in another script would then read every row. The second name is macOS's.
LOCALES_WITH_ALL_LETTERS = ("C.UTF-8", "UTF-8")

SETTINGS = {
    "listen_addresses": "",  # the Unix socket only
    "port": PORT,
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For a server that ends with the test run: nothing has to survive, so nothing waits for the disk.
FORGETFUL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}


class Server:
    def __init__(self, folder: Path, *, durable: bool, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.durable = durable
        self.settings = settings
        self.port = settings.get("port", PORT)
        self.programs = Programs()

    # Its folders

    @property
    def home(self) -> Path:
        elsewhere = self.folder / "elsewhere"
        return elsewhere.resolve() if elsewhere.exists() else self.folder

    @property
    def data(self) -> Path:
        return self.home / "data"

    def make_home(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.programs.account is None or self.data.exists():
            return
        self.folder.chmod(0o711)
        if not self.programs.can_enter(self.folder):
            place = "/var/lib" if self.durable else tempfile.gettempdir()
            home = Path(tempfile.mkdtemp(prefix="paykassma-postgres-", dir=place))
            home.chmod(0o711)
            (self.folder / "elsewhere").unlink(missing_ok=True)
            (self.folder / "elsewhere").symlink_to(home)

    def make_data(self) -> bool:
        """Initialise the data folder where there is none; True if there was none."""
        for left_by_killed_starts in self.home.glob("half-*"):
            shutil.rmtree(left_by_killed_starts, ignore_errors=True)
        if self.data.exists():
            return False
        # Named otherwise until it is whole: a killed start's initdb may even be at work yet.
        half = Path(tempfile.mkdtemp(prefix="half-", dir=self.home))
        self.programs.make_private(half)
        self._initdb(half)
        half.rename(self.data)
        return True

    def _initdb(self, data: Path) -> None:
        self.programs.run(
            "initdb",
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            "--auth=trust",  # the socket's folder is private, and the server listens nowhere else
            "--encoding=UTF8",
            "--locale=C",
            f"--lc-ctype={locale_of_letters()}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        )

    @property
    def socket_folder(self) -> Path:
        """The same one while it exists: a server that comes back is found where it was."""
        record = self.folder / "socket"
        if record.exists():
            known = Path(record.read_text())
            if self.programs.is_private(known):
                return known
        made = Path(tempfile.mkdtemp(prefix="paykassma-", dir=self._place_of_sockets()))
        self.programs.make_private(made)
        record.write_text(str(made))
        return made

    def _place_of_sockets(self) -> Path:
        place = Path(tempfile.gettempdir())
        is_short = len(os.fsencode(place)) + len("/paykassma-12345678") <= LONGEST_SOCKET_FOLDER
        return place if is_short and self.programs.can_enter(place) else Path("/tmp")  # noqa: S108

    def delete(self) -> None:
        for folder in (self.socket_folder, self.home, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    # Its process

    def connect(self, database: str, user: str = SUPERUSER) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self.socket_folder),
            port=self.port,
            dbname=database,
            user=user,
            autocommit=True,
            connect_timeout=10,
        )

    def process(self) -> int | None:
        """The running server's process id.

        The file of a killed server stays behind, and its number may by now be a stranger's.
        """
        noted = self._notes()
        if not noted or str(self.data) not in command_line(int(noted[0])):
            return None
        return int(noted[0])

    def bring_up(self) -> None:
        """Start the server unless it runs, as one that a killed run left behind does."""
        if self.process() is not None:
            if self._is_ready():
                return
            self.stop("fast")  # still recovering, or somebody cleaned its socket away
        self._launch()

    def stop(self, mode: str) -> None:
        if self.process() is None:
            return
        try:
            self._pg_ctl("stop", f"--mode={mode}")
        except PostgresError:
            if self.process() is not None:  # else it was dying already, and is gone now
                raise

    def _notes(self) -> list[str]:
        """Notes of a server about itself: first its process, last its state."""
        try:
            return (self.data / "postmaster.pid").read_text().split()
        except FileNotFoundError:
            return []

    def _is_ready(self) -> bool:
        """Whether it answers. One that was killed a moment ago still looks like a process."""
        if self._notes()[-1:] != ["ready"] or not self._socket.exists():
            return False
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError as error:
            return "FATAL" in str(error)  # an answer as well: all its connections are taken
        return True

    @property
    def _socket(self) -> Path:
        return self.socket_folder / f".s.PGSQL.{self.port}"

    def _launch(self) -> None:
        deadline = time.monotonic() + ORPHANS_LINGER_SECONDS
        self._clear_remains()
        while True:
            try:
                return self._launch_once()
            except PostgresError as error:
                if "is still in use" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _clear_remains(self) -> None:
        """Remove what would keep a server from starting when a killed one's number lives on.

        Children that still write are safe from this: they hold the shared memory, which a new
        server finds by the data folder.
        """
        for remains in (
            self.data / "postmaster.pid",
            self._socket,
            self._socket.with_name(self._socket.name + ".lock"),
        ):
            remains.unlink(missing_ok=True)

    def _launch_once(self) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        if not self.durable:
            settings |= FORGETFUL_SETTINGS
        settings |= self.settings
        options = " ".join(f"-c {shlex.quote(f'{name}={text}')}" for name, text in settings.items())
        log = self.data / "server.log"
        told_before = log.stat().st_size if log.exists() else 0
        try:
            self._pg_ctl("start", "--timeout=300", f"--options={options}", f"--log={log}")
        except PostgresError as error:
            told = log_since(told_before, log)
            raise PostgresError(f"PostgreSQL does not start: {reason(told)}") from error

    def _pg_ctl(self, *arguments: str) -> None:
        self.programs.run("pg_ctl", *arguments, "--wait", f"--pgdata={self.data}")


def log_since(offset: int, log: Path) -> str:
    """Return the log of a server that failed to start, without its killed children's last words."""
    if not log.exists():
        return ""
    lines = log.read_bytes()[offset:].decode(errors="replace").splitlines()
    return "\n".join(line for line in lines if ORPHANS_LAST_WORDS not in line)


def command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    asked = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True).stdout


def locale_of_letters() -> str:
    """Return a locale; where the machine has none, searching is slower, and still right."""
    return next(filter(is_known, LOCALES_WITH_ALL_LETTERS), "C")


def is_known(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True
