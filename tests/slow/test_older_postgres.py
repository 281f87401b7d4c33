"""The product on PostgreSQL 17: from an empty database to a page and totals that agree.

`dev.py test --all` runs more of the tests on it. Its own time zones are of another year than the
locked tzdata, and EET, CET, MET and WET are fixed offsets to it.
"""

import http.client
import json
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from devtools.setup.environment import Project
from paykassma_admin.periods import local_day
from tests.support.database.clusters import cluster_of_17, new_folder
from tests.support.servers import run_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cluster():
    cluster = cluster_of_17(new_folder())
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def environment(cluster):
    environment = Project.on(cluster).environment
    client = ("--name=Alpha", "--slug=alpha", "--time-zone=Asia/Kolkata", "--owner=alice")
    rows = ROOT / "docs/examples/transactions.csv"
    manage(environment, "migrate", "--verbosity=0")
    manage(environment, "create_client", *client)
    manage(environment, "import_transactions", rows, "--client=alpha", "--create-wallets")
    return environment


def manage(environment, *arguments, told=None):
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=told, capture_output=True, text=True
    )
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
    with run_server(tmp_path, "", "--workers=1", **own) as place:
        line = http.client.HTTPConnection(*place, timeout=30)
        line.request("GET", "/login/")

        assert line.getresponse().status == 200
        line.close()


def test_the_checks_find_nothing_in_it(environment):
    deployed = environment | {"SERVED_OVER_HTTPS": "on", "STATIC_FROM_SOURCE": "off"}

    manage(deployed, "check", "--deploy", "--fail-level=WARNING")


# Days, which are not those of its own time zones

ZONES = ["America/Vancouver", "Africa/Casablanca", "EET", "CET", "MET", "WET"]
EACH_HOUR = """
    select at, day_of(%(zone)s, at), local_time(%(zone)s, at), at at time zone %(zone)s
    from generate_series(timestamptz '2018-01-01Z', '2026-11-29Z', '1 hour') at
"""


@pytest.fixture(scope="module")
def hours(cluster, environment):
    """Return moments of nine years by zone, with days and clocks by our table, and its own."""
    with cluster.connect() as connection:
        return {zone: connection.execute(EACH_HOUR, {"zone": zone}).fetchall() for zone in ZONES}


@pytest.mark.parametrize("zone", ZONES)
def test_days_and_clocks_are_those_of_the_locked_tzdata(hours, zone):
    wrong = [
        moment
        for moment, day, clock, _own in hours[zone]
        if (day, clock) != told_by_python(moment, ZoneInfo(zone))
    ]

    assert wrong == []


def told_by_python(moment, zone):
    return local_day(moment, zone), moment.astimezone(zone).replace(tzinfo=None)


@pytest.fixture(scope="module")
def moments(hours):
    """Return by zone the last moments whose day its own time zones have otherwise."""
    return {
        zone: [moment.isoformat() for moment, day, _clock, own in rows if own.date() != day][-3:]
        for zone, rows in hours.items()
    }


def test_every_place_tells_the_day_of_the_locked_tzdata(environment, moments):
    assert [len(of_zone) for of_zone in moments.values()] == [3] * len(ZONES)
    code = "from tests.slow.days_told import tell; tell()"

    own = environment | {"STATIC_FROM_SOURCE": "on"}
    told = json.loads(manage(own, "shell", "-v0", "-c", code, told=json.dumps(moments)))

    for zone, of_zone in moments.items():
        days = [local_day(datetime.fromisoformat(at), ZoneInfo(zone)) for at in of_zone]
        due = dict(Counter(map(str, days)))
        assert told[zone] == dict.fromkeys(("card", "list", "file", "kept totals"), due), zone
    manage(environment, "check_totals")
