import http.client
from collections.abc import Iterator
from functools import partial

import pytest

from devtools.postgres import Cluster
from paykassma_admin.database.pool import POOL
from tests.support.database.at_once import at_once
from tests.support.database.clusters import new_folder
from tests.support.servers import run_server

MOST = POOL["max_size"]
FULL = """
from paykassma_admin.database.pool import POOL
POOL["min_size"] = POOL["max_size"]
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(new_folder(), durable=False).start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def place(cluster, tmp_path_factory):
    environment, folder = cluster.environment(), tmp_path_factory.mktemp("begun")
    with run_server(folder, FULL, "--workers=1", "--threads=16", **environment) as place:
        assert_served(place)
        yield place


def status(place, address):
    line = http.client.HTTPConnection(*place, timeout=20)
    line.request("GET", address)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def assert_served(place, count=MOST):
    assert at_once(*[partial(status, place, "/login/")] * count) == [200] * count


@pytest.mark.slow
def test_after_a_restart_the_next_requests_are_all_served(place, cluster):
    """Few at once are the hard case: each of them meets several dead connections."""
    for count in (1, 2, 4, MOST, MOST):
        cluster._server.stop("fast")
        cluster.start()

        assert_served(place, count)
        assert_served(place)  # the pool is full again


@pytest.mark.slow
def test_after_an_outage_that_was_noticed_too(place, cluster):
    cluster._server.stop("immediate")
    away = status(place, "/login/")
    cluster.start()

    assert away == 503
    assert_served(place)
