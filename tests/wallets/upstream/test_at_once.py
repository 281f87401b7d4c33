"""Equal requests at once, and what is held while an upstream takes its time."""

from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from audit.record import Actor
from devtools.upstream import stub
from paykassma_admin.database.request_transaction import request_transaction
from paykassma_admin.database.tenancy import set_tenant, tenant
from tests.support.database.at_once import at_once
from tests.support.factories import make_client, make_member
from tests.support.visitors import Browser
from wallets.models import Balance, UpstreamRequest
from wallets.upstream import asking

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

FORM = "/wallets/balance/?wallet_type=upi_l"


@pytest.fixture
def alice(transactional_db):
    return make_member("alice", client=make_client("alpha"))


@pytest.fixture
def slow_for_a_moment(monkeypatch):
    """The stub, which takes its time and counts the connections that are out meanwhile."""
    held = []

    def answer(handler):
        handler.server.is_closing.wait(0.7)
        stats = connection.pool.get_stats()
        held.append(stats["pool_size"] - stats["pool_available"])
        stub.answer_well(handler)

    monkeypatch.setitem(stub.FAULTS, "balance", answer)
    return held


def browser_of(alice):
    browser = Browser()
    browser.force_login(alice)
    return browser


def refresh(client, source):
    with request_transaction():
        set_tenant(client.pk)
        asking.refresh_balance(source, by=Actor("alice"))
        return Balance.objects.for_client(client).get().amount


def test_twenty_equal_requests_ask_once(alice, source, upstream, slow_for_a_moment):
    balances = at_once(*[partial(refresh, alice.client, source)] * 20)

    assert len(balances) == 20
    assert len({*balances}) == 1
    assert len(upstream.asked) == 1


def test_no_connection_is_held_while_an_upstream_is_asked(alice, source, slow_for_a_moment):
    assert browser_of(alice).get(FORM).status_code == 200
    assert slow_for_a_moment == [0]


def test_question_of_a_process_that_died_is_asked_again(alice, source, upstream):
    with tenant(alice.client.pk):
        question = asking.start(source, Actor("alice"))
        UpstreamRequest.objects.of_source(source).update(
            asked_at=timezone.now() - asking.ABANDONED * 2
        )

    assert browser_of(alice).get(FORM).context["answer"].balance
    assert len(upstream.asked) == 1
    with tenant(alice.client.pk):
        question.refresh_from_db(from_queryset=UpstreamRequest.unscoped.all())
    assert question.outcome == "interrupted"
