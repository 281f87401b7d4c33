"""`dev.py test`: every check and test one after another, with a table of them at the end."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dev import IS_SET_UP
from paykassma_admin.database.roles import ROLES
from tests.support import chromium, debian
from tests.support.clusters import bin_of_17
from tests.support.postgres_plugin import ENVIRONMENT, start_test_cluster

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
BROWSER = "tests/browser"
SLOW = "tests/slow"  # what takes minutes: floods, all zones, all widths; `--all` runs it
SCREENSHOTS = "tests/browser/screenshots.py"

PYTEST = (sys.executable, "-m", "pytest", "-q")
BY_FILE = (*PYTEST, "-n", "auto", "--dist=loadfile")
IN_PARALLEL = (*BY_FILE, f"--ignore={BROWSER}", f"--ignore={SLOW}")
# One after another: some compare times. A first test may set up for minutes.
ALONE = (*PYTEST, "--timeout=1200", "--durations=10")
# What PostgreSQL itself holds: constraints, row-level security, totals, imports.
ON_17 = (
    "tests/test_constraints.py",
    "tests/paykassma_admin/test_row_security.py",
    "tests/test_consistency.py",
    "tests/accounts/test_checks.py",
    "tests/clients/test_constraints.py",
    "tests/clients/test_migrate.py",
    "tests/wallets",
    "tests/transactions",
    "tests/accumulations",
)
MANAGE = (sys.executable, "manage.py")
PRODUCTION = {
    "ALLOWED_HOSTS": "example.com",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SERVED_OVER_HTTPS": "on",
    "STATIC_FROM_SOURCE": "off",
}
NOTHING_SELECTED = 5  # pytest's exit code; what one call selects may all lie in the other


@dataclass
class Check:
    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    good_codes: tuple[int, ...] = (0,)
    code: int | None = None
    seconds: float = 0

    @property
    def passed(self) -> bool:
        return self.code in self.good_codes

    def run(self) -> None:
        print(f"\n── {self.name} {'─' * (75 - len(self.name))}", flush=True)
        start = time.monotonic()
        environment = os.environ | self.environment
        self.code = subprocess.run(self.command, cwd=ROOT, env=environment).returncode
        self.seconds = time.monotonic() - start


def run_all(pytest_arguments: Sequence[str]) -> int:
    """Run all checks, or only pytest with its arguments. Return the exit code."""
    chosen = [given for given in pytest_arguments if given != "--all"]
    slow_too = len(chosen) < len(pytest_arguments)
    return run(chosen_tests(chosen, slow_too) if chosen else everything(slow_too))


def take_screenshots() -> int:
    return run([browser_tests(SCREENSHOTS)])


def run(checks: Iterable[Check]) -> int:
    """One after another, on a PostgreSQL of their own. Returns the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cluster = start_test_cluster()
    os.environ.update(ENVIRONMENT | cluster.environment())
    done = []
    try:
        for check in checks:
            check.run()
            done.append(check)
    finally:
        cluster.remove()
    print_summary(done)
    return 1 if failure(done) else 0


def everything(slow_too: bool) -> Iterator[Check]:
    yield Check("ruff format", (tool("ruff"), "format", "--check", "."))
    yield Check("ruff check", (tool("ruff"), "check", "."))
    yield Check("djlint", (tool("djlint"), "--check", "--lint", "--quiet", "templates"))
    yield Check("mypy", (tool("mypy"),))
    yield Check("import-linter", (tool("lint-imports"),))
    yield Check("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run"))
    deploy = (*MANAGE, "check", "--deploy", "--fail-level=WARNING")
    yield Check("check --deploy", deploy, PRODUCTION)
    debian.install_for_ci("nginx")  # before which slow clients are tried
    yield Check("tests", IN_PARALLEL)
    yield browser_tests(BROWSER)
    if slow_too:
        yield slow_tests(SLOW)
        yield tests_on_17()
    # The last, so that what could not be asked stands right above the summary.
    yield Check("audit", (sys.executable, "dev.py", "audit"), {IS_SET_UP: "yes"})


def chosen_tests(arguments: Sequence[str], slow_too: bool = False) -> Iterator[Check]:
    """The same calls of pytest. One is left out if all paths lie in another's part."""
    paths = [given for given in arguments if (ROOT / given.split("::")[0]).exists()]
    options = [given for given in arguments if given not in paths]
    browser = [path for path in paths if path.startswith(BROWSER)]
    slow = [path for path in paths if path.startswith(SLOW)]
    other = [path for path in paths if path not in [*browser, *slow]]
    if other or not paths:
        yield Check("tests", (*IN_PARALLEL, *options, *other), good_codes=(0, NOTHING_SELECTED))
    if browser or not paths:
        check = browser_tests(*options, *(browser or [BROWSER]))
        check.good_codes = (0, NOTHING_SELECTED)
        yield check
    if slow or (slow_too and not paths):
        check = slow_tests(*options, *(slow or [SLOW]))
        check.good_codes = (0, NOTHING_SELECTED)
        yield check


def browser_tests(*arguments: str) -> Check:
    """Run in a separate process: tests with the ORM fail after Playwright in the same one."""
    path = chromium.find_or_install()
    if path is None:
        return Check("browser tests", (sys.executable, "-c", f"exit({chromium.NONE_FOUND!r})"))
    command = (*BY_FILE, "--timeout=300", *arguments)
    return Check("browser tests", command, {"PAYKASSMA_CHROMIUM": path})


def slow_tests(*arguments: str) -> Check:
    """Some of them ask in a browser, too."""
    path = chromium.find_or_install()
    return Check("slow tests", (*ALONE, *arguments), {"PAYKASSMA_CHROMIUM": path or ""})


def tests_on_17() -> Check:
    """Run on a separate server: without addresses pytest starts one."""
    own = {"PAYKASSMA_PG_BIN": str(bin_of_17()), **dict.fromkeys(ROLES, "")}
    return Check("on PostgreSQL 17", (*BY_FILE, *ON_17), own)


def tool(name: str) -> str:
    return str(TOOLS / name)


def print_summary(checks: Sequence[Check]) -> None:
    print(f"\n── summary {'─' * 68}")
    for check in checks:
        print(f"{'✓' if check.passed else '✗'} {check.name:<16} {check.seconds:7.1f} s")
    failed = failure(checks)
    print(f"Failed: {failed}." if failed else "All passed.", flush=True)


def failure(checks: Sequence[Check]) -> str:
    """A path that is mistyped selects nothing anywhere, and has not passed."""
    if all(check.code == NOTHING_SELECTED for check in checks):
        return "no test was selected"
    return ", ".join(check.name for check in checks if not check.passed)
