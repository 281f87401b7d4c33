import json
import sys

import pytest

from devtools.setup import audit

HEALTHY = {"name": "django", "version": "6.1.3", "vulns": []}
HOLED = {
    "name": "urllib3",
    "version": "1.0",
    "vulns": [{"id": "CVE-2026-1", "fix_versions": ["1.1"]}],
}
UNASKED = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}
OF_NPM = {"vulnerabilities": {"chart.js": {"name": "chart.js", "range": "<5", "severity": "high"}}}


def saying(said, code=0):
    text = said if isinstance(said, str) else json.dumps(said)
    return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit({code})"]


@pytest.fixture
def says(monkeypatch):
    def say(python, npm):
        monkeypatch.setattr(audit, "PIP_AUDIT", python)
        monkeypatch.setattr(audit.shutil, "which", lambda name: npm[0])
        monkeypatch.setattr(audit, "NPM_AUDIT", npm[1:])

    return say


NO_HOLE = saying({"dependencies": [HEALTHY]}), saying({"vulnerabilities": {}})


def test_packages_without_known_holes_are_good(says, capsys):
    says(*NO_HOLE)

    assert audit.audit() == 0
    assert capsys.readouterr().out.count("no known holes") == 2


def test_a_hole_of_a_python_package_is_told_and_fails(says, capsys):
    says(saying({"dependencies": [HEALTHY, HOLED]}, code=1), NO_HOLE[1])

    assert audit.audit() == 1
    assert "urllib3 1.0: CVE-2026-1, mended in 1.1" in capsys.readouterr().out


def test_a_hole_of_an_npm_package_is_told_and_fails(says, capsys):
    says(NO_HOLE[0], saying(OF_NPM, code=1))

    assert audit.audit() == 1
    assert "chart.js <5: high" in capsys.readouterr().out


@pytest.mark.parametrize(
    "silent",
    [
        saying("Traceback: no network", code=1),
        saying("", code=1),
        saying({"message": "405 Method Not Allowed", "statusCode": 405}, code=1),
        saying({"dependencies": [HEALTHY, UNASKED]}),
    ],
)
def test_where_nobody_can_be_asked_it_says_so_and_does_not_fail(says, capsys, silent):
    says(silent, silent)

    assert audit.audit() == 0
    told = capsys.readouterr().out
    assert "requirements-dev.txt WAS NOT AUDITED" in told
    assert "package-lock.json WAS NOT AUDITED" in told
    assert "no known holes" not in told


def test_who_does_not_answer_is_not_waited_for(says, capsys, monkeypatch):
    monkeypatch.setattr(audit, "PATIENCE_SECONDS", 0.2)
    slow = [sys.executable, "-c", "import time; time.sleep(60)"]
    says(slow, slow)

    assert audit.audit() == 0
    assert capsys.readouterr().out.count("WAS NOT AUDITED") == 2
