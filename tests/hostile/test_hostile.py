"""A small run of `dev.py hostile`, and that it would notice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

import dev
from accumulations.filters import AccumulationFilterSet
from clients.audit_pages import AuditFilterSet
from dashboard.filters import DashboardFilterSet
from tests.factories import make_transaction
from tests.hostile import asking
from tests.hostile.judging import wrong
from tests.hostile.known import UNKNOWN
from tests.hostile.offers import Offer, Offers, offers
from tests.hostile.texts import MARK
from tests.hostile.wire import Answer, Asked
from transactions.filters import TransactionFilterSet

ROOT = Path(__file__).parents[2]


def test_a_thousand_requests_find_nothing_wrong():
    run = subprocess.run(
        [sys.executable, "dev.py", "hostile", "--requests=1000", "--rows=2000", "--seed=7"],
        cwd=ROOT,
        env=os.environ | {dev.IS_SET_UP: "yes"},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 findings; 200 " in run.stdout


# It would notice

GOOD = Answer(
    200,
    {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'self'",
        "cache-control": "no-store",
    },
    b"<p>Client 00: &lt;zq7&quot;zq7&#x27;zq7&gt;</p>",
    0.1,
)
ASKED = Asked("owner", "GET", b"/")


def answer(status=200, body=GOOD.body, seconds=0.1, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, GOOD.headers | named, body, seconds)


def test_a_good_answer_is_good():
    assert list(wrong(ASKED, GOOD, "00")) == []


@pytest.mark.parametrize(
    "bad",
    [
        answer(status=500),
        answer(status=503),
        answer(seconds=3.1),
        answer(body=f"<p>{MARK}</p>".encode()),
        answer(body=b'<input value="zq7"onfocus=x>'),
        answer(body=b"<p>client-01-03</p>"),
        answer(content_security_policy=""),
        answer(content_security_policy="default-src 'self' 'unsafe-inline'"),
        answer(cache_control="max-age=600"),
        answer(status=302, location="//evil.example/"),
        answer(status=302, location="/\\evil.example/"),
        answer(status=302, location="https://evil.example/"),
    ],
)
def test_a_bad_answer_is_found(bad):
    assert len(list(wrong(ASKED, bad, "00"))) == 1


# What is asked


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/", DashboardFilterSet.base_filters),
        ("/chart.json", DashboardFilterSet.base_filters),
        ("/payments/transactions/", TransactionFilterSet.base_filters),
        ("/payments/transactions/export.csv", TransactionFilterSet.base_filters),
        ("/payments/accumulations/", AccumulationFilterSet.base_filters),
        ("/audit/", AuditFilterSet.base_filters),
    ],
)
def test_every_filter_of_a_page_is_asked(client, alice, address, names):
    make_transaction(alice)
    client.force_login(alice)

    def html_of(path):
        return client.get(path).content.decode()

    lists = ["/", "/payments/transactions/", "/payments/accumulations/", "/audit/"]
    found = {
        name
        for offer in offers("owner", lists, html_of)
        if offer.method == "GET" and offer.path == address
        for name in offer.fields
    }

    assert set(names) <= found | set(UNKNOWN)


def test_the_same_seed_asks_the_same():
    pages = Offers([Offer("owner", "GET", "/", {"country": ["IN"]}), Offer("owner", "POST", "/x/")])

    def drawn():
        found = []

        @seed(1)
        @settings(
            max_examples=50,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(asking.requests({"pages": pages, "back office": pages}, {}))
        def ask(asked):
            found.append(asked)

        ask()
        return found

    assert drawn() == drawn()
