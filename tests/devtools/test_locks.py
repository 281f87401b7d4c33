import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGE = re.compile(r"^\S.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)  # and the hashes below it
ON_SYSTEMS = re.compile(r" ; .*(?= \\$)", re.MULTILINE)
VERSION = re.compile(r"^(\S+)==(\S+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.txt", "requirements-dev.txt")


def packages(lock: str) -> set[str]:
    """Return versions with their hashes; on which systems, differs by what else is installed."""
    return {ON_SYSTEMS.sub("", each) for each in PACKAGE.findall((ROOT / lock).read_text())}


def versions(lock: str) -> dict[str, str]:
    return dict(VERSION.findall((ROOT / lock).read_text()))


def missing(lock: str, requirements: list[str]) -> list[str]:
    locked = versions(lock)
    wanted = map(Requirement, requirements)
    return [
        str(one) for one in wanted if not one.specifier.contains(locked.get(one.name.lower(), "0"))
    ]


def test_production_installs_what_was_tested():
    assert packages("requirements.txt") < packages("requirements-dev.txt")


def test_locks_satisfy_pyproject():
    runtime, dev = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["dev"]

    assert missing("requirements.txt", runtime) == []
    assert missing("requirements-dev.txt", runtime + dev) == []


def test_production_installs_no_tools():
    tools = {Requirement(tool).name for tool in PROJECT["dependency-groups"]["dev"]}

    assert not tools & versions("requirements.txt").keys()


def test_locks_hold_hashes_and_no_addresses():
    for lock in LOCKS:
        assert all("--hash=sha256:" in package for package in packages(lock))
        assert "://" not in (ROOT / lock).read_text()
