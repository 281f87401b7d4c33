"""The product on PostgreSQL 17: from an empty database to a page and totals that agree.

`dev.py test --all` runs more of the tests on it.
"""

import http.client
import subprocess
import sys
from pathlib import Path

import pytest

from paykassma_admin.local.environment import Project
from tests.clusters import cluster_of_17, new_folder
from tests.servers import served

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def cluster():
    cluster = cluster_of_17(new_folder())
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def environment(cluster):
    """Of a database with a Client and its transactions, made by the commands."""
    environment = Project.on(cluster).environment
    client = ("--name=Alpha", "--slug=alpha", "--time-zone=Asia/Kolkata", "--owner=alice")
    rows = ROOT / "docs/examples/transactions.csv"
    manage(environment, "migrate", "--verbosity=0")
    manage(environment, "create_client", *client)
    manage(environment, "import_transactions", rows, "--client=alpha", "--create-wallets")
    return environment


def manage(environment, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_the_older_one(cluster):
    with cluster.connect() as connection:
        assert connection.info.server_version // 10000 == 17


def test_the_totals_agree(cluster, environment):
    manage(environment, "check_totals")

    with cluster.connect() as connection:
        assert connection.execute("select count(*) > 0 from transactions_transaction").fetchone()[0]


def test_a_page_is_served(environment, tmp_path):
    own = {name: environment[name] for name in environment if name.startswith("DATABASE_")}
    with served(tmp_path, "", "--workers=1", **own) as place:
        line = http.client.HTTPConnection(*place, timeout=30)
        line.request("GET", "/login/")

        assert line.getresponse().status == 200
        line.close()


def test_the_checks_find_nothing_in_it(environment):
    deployed = environment | {"SERVED_OVER_HTTPS": "on", "STATIC_FROM_SOURCE": "off"}

    manage(deployed, "check", "--deploy", "--fail-level=WARNING")
