"""Figures of the server's processes, where it has a /proc: not on macOS."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from devtools.benchmarks.goals import NotMeasurable

PROC = Path("/proc")


def workers_of(server: int) -> "list[Process]":
    """Raise NotMeasurable where the machine does not tell."""
    children = PROC / f"{server}/task/{server}/children"
    if not children.exists():
        raise NotMeasurable("this machine has no /proc to tell memory by")
    return [Process(int(pid)) for pid in children.read_text().split()]


@dataclass(frozen=True)
class Process:
    pid: int

    @property
    def cpu_seconds(self) -> float:
        _, _, numbers = self._read("stat").rpartition(")")
        user, system = numbers.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    @property
    def peak(self) -> float:
        """The most memory that it had, in MB, since that was forgotten."""
        [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", self._read("status"))
        return int(kilobytes) / 1024

    def forget_peak(self) -> None:
        (PROC / f"{self.pid}/clear_refs").write_text("5")

    def _read(self, name: str) -> str:
        return (PROC / f"{self.pid}/{name}").read_text()
