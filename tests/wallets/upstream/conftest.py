from datetime import timedelta

import pytest
import time_machine

from devtools.upstream.stub import run_upstream
from tests.conftest import NOON
from tests.support.factories import make_source_of_balances
from wallets.upstream import http


@pytest.fixture
def upstream(settings):
    """The stub, which the settings name as a private host."""
    with run_upstream() as upstream:
        settings.UPSTREAM_PRIVATE_HOSTS = [upstream.address]
        yield upstream


@pytest.fixture
def source(alice, upstream):
    return make_source_of_balances(alice, url=f"http://{upstream.address}/balance")


@pytest.fixture
def hurry(monkeypatch):
    """Two seconds instead of eight, and half of one instead of five."""
    monkeypatch.setattr(http, "SECONDS_IN_ALL", 2)
    monkeypatch.setattr(http, "TIMEOUT", http.httpx2.Timeout(0.5))


@pytest.fixture
def time_machine_at():
    """Go so much later, for a while."""
    return lambda **later: time_machine.travel(NOON + timedelta(**later), tick=True)
