import gzip
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from accumulations.filters import AccumulationFilterSet
from dashboard.filters import DashboardFilterSet
from tests.hostile import requests
from tests.hostile.attack import Attack
from tests.hostile.findings import find_faults
from tests.hostile.offers import Forms, Offer, Offers, offers
from tests.hostile.reach import missing_requests
from tests.hostile.tally import Tally
from tests.hostile.texts import MARK
from tests.hostile.values import UNKNOWN
from tests.hostile.visitors.factors import insert_right_code
from tests.hostile.wire import Answer, HostileRequest, ask
from tests.support.factories import make_transaction
from tests.support.second_factors import code_of
from transactions.filters import TransactionFilterSet
from workspace.audit_log.views import AuditFilterSet

ROOT = Path(__file__).parents[2]


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
REQUEST = HostileRequest("owner", "GET", b"/")


def answer(status=200, body=GOOD.body, seconds=0.1, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, GOOD.headers | named, body, seconds)


def test_a_good_answer_is_good():
    assert list(find_faults(REQUEST, GOOD, "00")) == []


def test_a_token_may_end_in_the_mark():
    token = b"a" * 61 + b"zq7"

    assert list(find_faults(REQUEST, answer(body=b'<input value="%b">' % token), "00")) == []


@pytest.mark.parametrize(
    "bad",
    [
        answer(status=500),
        answer(status=503),
        answer(seconds=3.1),
        answer(body=f"<p>{MARK}</p>".encode()),
        answer(body=b'<input value="zq7"onfocus=x>'),
        answer(body=b"<p>client-01-03</p>"),
        answer(body=b"payer7@upi client-01,", content_type="text/csv"),
        answer(body=b'<a href="javascript:alert(&lt;zq7 )">'),
        answer(body=b"<form action = ' \tJavaScript:alert(&lt;zq7 )'>"),
        answer(body=b"<img src=data:text/html,&lt;zq7 alt>"),
        answer(content_security_policy=""),
        answer(content_security_policy="default-src 'self' 'unsafe-inline'"),
        answer(cache_control="max-age=600"),
        answer(status=302, location="//evil.example/"),
        answer(status=302, location="/\\evil.example/"),
        answer(status=302, location="https://evil.example/"),
        answer(status=302, location="javascript:alert(1)"),
    ],
)
def test_a_bad_answer_is_found(bad):
    assert len(list(find_faults(REQUEST, bad, "00"))) == 1


def test_a_balance_of_another_client_is_found():
    asked = HostileRequest("key", "POST", b"/api/v1/wallets/balance")
    own, other = (answer(body=b'{"commission": 77.31%02d}' % number) for number in (0, 1))

    assert list(find_faults(asked, own, "00")) == []
    assert list(find_faults(asked, other, "00")) == ["shows 77.3101"]


def test_an_administrator_sees_of_others_no_more_than_whom_he_looks_at():
    seen = answer(body=b"<p>Client 01</p>")

    assert list(find_faults(HostileRequest("onlooker", "GET", b"/admin/"), seen, "00")) == []
    assert list(find_faults(HostileRequest("onlooker", "GET", b"/"), seen, "00")) == [
        "shows client 01"
    ]


def test_what_is_compressed_is_judged_as_it_is_read():
    def application(_environ, start):
        start("200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")])
        return io.BytesIO(gzip.compress(MARK.encode()))

    assert ask(application, REQUEST, {}, https=False).body == MARK.encode()


def answering(*answers):
    attack, left = Attack.__new__(Attack), list(answers)
    attack.raised, attack.cast = [], SimpleNamespace(clients={"owner": "00"})
    attack.ask, attack.restore_cast = lambda _asked: left.pop(0), lambda *_: None
    return attack


@pytest.mark.parametrize(
    "first", [answer(status=500, seconds=2), answer(body=MARK.encode(), seconds=4)]
)
def test_the_first_of_two_answers_is_judged_too(first):
    tally = Tally()

    answering(first, GOOD).try_out(REQUEST, tally)

    assert (len(tally.findings), tally.repeats) == (1, 1)


def test_a_get_is_slow_where_it_is_so_twice_and_a_post_at_once():
    tally, slow = Tally(), answer(seconds=4)

    answering(slow, GOOD).try_out(REQUEST, tally)
    assert not tally.findings

    answering(slow, slow).try_out(REQUEST, tally)
    answering(slow).try_out(replace(REQUEST, method="POST"), tally)
    assert [finding.what for finding in tally.findings] == ["takes too long"] * 2


def test_onlooker_elsewhere_signs_in_again():
    attack, signed_in = answering(), []
    attack.snapshot = SimpleNamespace(is_whole=True)
    attack.cast.follow, attack.cast.sign_in_again = lambda *_: None, signed_in.append
    onlooker = HostileRequest("onlooker", "POST", b"/admin/clients/client/")

    Attack.restore_cast(attack, onlooker, answer(status=200))
    Attack.restore_cast(attack, REQUEST, answer(status=302, location="/"))
    assert not signed_in

    Attack.restore_cast(attack, onlooker, answer(status=302, location="/"))
    assert signed_in == ["onlooker"]


# What is asked


def test_missing_offers_are_found():
    found = missing_requests([Offer("owner", "GET", "/keys/")])

    assert {"GET /audit/", "POST /keys/", "POST /looking/end/"} <= found
    assert "POST /admin/wallets/balance/%(object_id)s/change/" in found
    assert "GET /keys/" not in found


def test_a_box_is_ticked_or_not():
    html = '<form method="post"><input type="checkbox" name="is_active" checked></form>'

    ((_method, _path, fields),) = Forms("/", html).sent

    assert fields == [("is_active", "on"), ("is_active", "")]


def test_the_right_code_is_sent_in_the_place_of_its_name():
    secret = "A" * 32
    asked = HostileRequest("twofold", "POST", b"/security/confirm/code/", body=b"code=right-code")

    sent = insert_right_code(asked, {}, {"twofold": secret})

    assert sent.body == b"code=" + code_of(secret).encode()


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

    def draw():
        found = []

        @seed(1)
        @settings(
            max_examples=50,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(requests.requests({"pages": pages, "back office": pages}, {}))
        def ask(asked):
            found.append(asked)

        ask()
        return found

    assert draw() == draw()
