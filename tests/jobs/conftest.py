import pytest

from jobs import kinds
from jobs.kinds import JobKind


@pytest.fixture
def register(monkeypatch):
    """Register a function as a kind of jobs, for one test."""

    def register_kind(work, name="count"):
        monkeypatch.setitem(kinds._kinds, name, JobKind(name, "Count", work))

    return register_kind
