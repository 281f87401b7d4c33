"""`dev.py test`: every check and test, with a table of them at the end.

Quick ones run side by side, so that no core waits; what takes minutes or compares times runs after
them, one by one. docs/adr/0038-tests-in-five-minutes.md says what is quick.
"""

import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from dev import IS_SET_UP
from paykassma_admin.database.roles import ROLES
from tests.support import debian
from tests.support.browser import chromium
from tests.support.database.clusters import bin_of_17
from tests.support.database.postgres_plugin import ENVIRONMENT, start_test_cluster

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
BROWSER = "tests/browser"
SLOW = "tests/slow"  # what takes minutes: floods, all zones, all widths; `--all` runs it
SLOW_BROWSER = "tests/slow/browser"
# They ask whether pages can be read: of each page in one look, with `--all` in every one.
IN_EVERY_LOOK = [f"{BROWSER}/{name}.py" for name in ("test_every_page", "test_access")]
SCREENSHOTS = "tests/browser/screenshots.py"

PYTEST = (sys.executable, "-m", "pytest", "-q", "-rs")
# The process that is done first takes over a half of the other's tests.
SHARED = (*PYTEST, "-n", "auto", "--dist=worksteal")
QUICK, MARKED_SLOW = ("-m", "not slow"), ("-m", "slow")
IN_PARALLEL = (*SHARED, f"--ignore={BROWSER}", f"--ignore={SLOW}")
# One after another: some compare times. A first test may set up for minutes.
IN_ORDER = (*PYTEST, "--timeout=1200", "--durations=10")
ALONE = "alone"  # the lane of what measures times
CONSISTENCY = "tests/test_consistency.py"
ALL_SCENES = {"SCENES": "40"}
# What PostgreSQL itself holds: constraints, row-level security, totals, imports.
ON_17 = (
    "tests/paykassma_admin/database/test_constraints.py",
    "tests/paykassma_admin/database/test_row_security.py",
    CONSISTENCY,
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
NOT_RUN = re.compile(r"^SKIPPED \[\d+\] (.+)$|^(\S+ WAS NOT AUDITED): .*\n(.+)$", re.MULTILINE)


@dataclass
class Check:
    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    good_codes: tuple[int, ...] = (0,)
    lane: str = ""  # those of one lane run one after another
    code: int | None = None
    seconds: float = 0
    output: str = ""

    @property
    def passed(self) -> bool:
        return self.code in self.good_codes

    @property
    def not_run(self) -> list[str]:
        """Return what it left out, each with the reason."""
        return [": ".join(filter(None, found)) for found in NOT_RUN.findall(self.output)]

    def run(self) -> None:
        print(self.heading, flush=True)
        self._run_to_end()

    def run_aside(self) -> None:
        """Print what it says in one piece, since others run at the same time."""
        self._run_to_end(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(f"{self.heading}\n{self.output}", end="", flush=True)

    @property
    def heading(self) -> str:
        return f"\n── {self.name} {'─' * (75 - len(self.name))}"

    def _run_to_end(self, **streams: Any) -> None:
        start = time.monotonic()
        environment = os.environ | self.environment
        with subprocess.Popen(self.command, cwd=ROOT, env=environment, **streams) as process:
            RUNNING.add(process)
            self.output = process.communicate()[0] or ""
            RUNNING.discard(process)
        self.code = process.returncode
        self.seconds = time.monotonic() - start


RUNNING: set[subprocess.Popen[str]] = set()
ENDING = threading.Event()


def run_all(pytest_arguments: Sequence[str]) -> int:
    """Run all checks, or only pytest with its arguments. Return the exit code."""
    chosen = [given for given in pytest_arguments if given != "--all"]
    slow_too = len(chosen) < len(pytest_arguments)
    if chosen:
        return run([*chosen_tests(chosen, slow_too)], one_by_one)
    return run(everything(slow_too), side_by_side)


def take_screenshots() -> int:
    return run([browser_tests(SCREENSHOTS)], one_by_one)


def run(checks: Sequence[Check], way: Callable[[Sequence[Check]], None]) -> int:
    """Run them on a PostgreSQL of their own. Return the exit code."""
    signal.signal(signal.SIGTERM, end_all)
    # It makes each of dozens of Pythons compile Django, and pytest the tests, for itself.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    cluster = start_test_cluster()
    os.environ.update(ENVIRONMENT | cluster.environment())
    try:
        way(checks)
    finally:
        cluster.remove()
    print_summary(checks)
    return 1 if failure(checks) else 0


def end_all(*_signal: object) -> None:
    """Interrupt what runs, as Ctrl-C does by itself: pytest then ends the servers it has begun."""
    for process in [*RUNNING]:
        process.send_signal(signal.SIGINT)
    raise KeyboardInterrupt


def one_by_one(checks: Sequence[Check]) -> None:
    for check in checks:
        check.run()


def side_by_side(checks: Sequence[Check]) -> None:
    """Run each lane in its order, the lanes at once; then what is to run alone."""
    lanes = {check.lane: [each for each in checks if each.lane == check.lane] for check in checks}
    alone = lanes.pop(ALONE, [])
    with ThreadPoolExecutor(len(lanes)) as pool:
        try:
            list(pool.map(run_lane, lanes.values()))
        except BaseException:
            ENDING.set()
            raise
    run_lane(alone)


def run_lane(lane: Sequence[Check]) -> None:
    for check in lane:
        if not ENDING.is_set():
            check.run_aside()


def everything(slow_too: bool) -> list[Check]:
    checks = [Check("tests", (*IN_PARALLEL, *QUICK), lane="tests"), *quick_checks()]
    # It waits for the answers of others, and for long where there is no network.
    audit = (sys.executable, "dev.py", "audit")
    checks.append(Check("audit", audit, {IS_SET_UP: "yes"}, lane="audit"))
    return [*checks, *slow_checks()] if slow_too else checks


def quick_checks() -> Iterator[Check]:
    yield Check("ruff format", (tool("ruff"), "format", "--check", "."))
    yield Check("ruff check", (tool("ruff"), "check", "."))
    yield Check("djlint", (tool("djlint"), "--check", "--lint", "--quiet", "templates"))
    yield Check("mypy", (tool("mypy"),))
    yield Check("import-linter", (tool("lint-imports"),))
    yield Check("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run"))
    deploy = (*MANAGE, "check", "--deploy", "--fail-level=WARNING")
    yield Check("check --deploy", deploy, PRODUCTION)
    yield browser_tests(*QUICK, BROWSER)


def slow_checks() -> Iterator[Check]:
    """Run one after another: some compare times."""
    debian.install_for_ci("nginx")  # before which slow clients are tried
    scenes = (*SHARED, "--timeout=600", CONSISTENCY)
    for check in (
        slow_tests(SLOW),
        Check("tests marked slow", (*IN_PARALLEL, *MARKED_SLOW)),
        browser_tests(*MARKED_SLOW, BROWSER, name="browser tests marked slow"),
        slow_browser_tests(SLOW_BROWSER, *IN_EVERY_LOOK),
        Check("all scenes", scenes, ALL_SCENES),
        tests_on_17(),
    ):
        check.lane = ALONE
        yield check


def chosen_tests(arguments: Sequence[str], slow_too: bool = False) -> Iterator[Check]:
    """The same calls of pytest. One is left out if all paths lie in another's part."""
    paths = [given for given in arguments if (ROOT / given.split("::")[0]).exists()]
    options = [given for given in arguments if given not in paths]
    browser = [path for path in paths if path.startswith(BROWSER)]
    slow_browser = [path for path in paths if path.startswith(SLOW_BROWSER)]
    slow = [path for path in paths if path.startswith(SLOW) and path not in slow_browser]
    other = [path for path in paths if path not in [*browser, *slow, *slow_browser]]
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
    if slow_browser or (slow_too and not paths) or SLOW in paths:
        arguments = [*options, *(slow_browser or [SLOW_BROWSER])]
        check = slow_browser_tests(*arguments)
        check.good_codes = (0, NOTHING_SELECTED)
        yield check


def browser_tests(*arguments: str, name: str = "browser tests") -> Check:
    """Run in a separate process: tests with the ORM fail after Playwright in the same one."""
    path = chromium.find_or_install()
    if path is None:
        return Check(name, (sys.executable, "-c", f"exit({chromium.NONE_FOUND!r})"))
    command = (*SHARED, "--timeout=300", *arguments)
    return Check(name, command, {"PAYKASSMA_CHROMIUM": path})


def slow_browser_tests(*arguments: str) -> Check:
    check = browser_tests(*arguments, name="slow browser tests")
    check.environment |= {"EVERY_LOOK": "on"}
    return check


def slow_tests(*arguments: str) -> Check:
    return Check("slow tests", (*IN_ORDER, f"--ignore={SLOW_BROWSER}", *arguments))


def tests_on_17() -> Check:
    """Run on a separate server: without addresses pytest starts one."""
    own = {"PAYKASSMA_PG_BIN": str(bin_of_17()), **dict.fromkeys(ROLES, "")}
    return Check("on PostgreSQL 17", (*SHARED, *ON_17), own)


def tool(name: str) -> str:
    return str(TOOLS / name)


def print_summary(checks: Sequence[Check]) -> None:
    print(f"\n── summary {'─' * 68}")
    for check in checks:
        print(f"{'✓' if check.passed else '✗'} {check.name:<18} {check.seconds:7.1f} s")
    for left_out in chain.from_iterable(check.not_run for check in checks):
        print(f"NOT RUN: {left_out}")
    failed = failure(checks)
    print(f"Failed: {failed}." if failed else "All passed.", flush=True)


def failure(checks: Sequence[Check]) -> str:
    """A path that is mistyped selects nothing anywhere, and has not passed."""
    if all(check.code == NOTHING_SELECTED for check in checks):
        return "no test was selected"
    return ", ".join(check.name for check in checks if not check.passed)
