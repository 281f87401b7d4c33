"""Each sum that a list shows opens a list of the same sum, and lines that add up to it."""

from decimal import Decimal
from itertools import count, product

import pytest
from hypothesis import given

from tests.support.factories import days_ago, make_rate, make_transaction, worker
from tests.support.pages import errors
from tests.support.proofs import prove
from tests.support.random_cases.cases import some_scenes
from tests.support.random_cases.searches import searches
from transactions.models import Type
from transactions.totals.shares import flows
from wallets.statuses import Status

pytestmark = pytest.mark.django_db

LIST = "/payments/transactions/"


ALL_DAYS = {"date_from": "", "date_to": ""}
CONDITIONS = [
    {},
    {"currency": "INR"},
    {"direction": "incoming", "status": "inactive"},
    {"type": ["fake", "withdrawal"]},
    {"hour_from": "0", "hour_to": "23"},
]


@pytest.fixture
def rows(alice):
    """One transaction of each type, status and rate, on two days."""
    make_rate("INR", "0.0125", days_ago(1).date())
    rates = [{"usd_rate": "0.0119"}, {"usd_rate": None}, {"currency": "USD", "usd_rate": 1}]
    amounts = count(1)
    with worker():
        for type_, status, rate, days in product(Type, Status, rates, (0, 1)):
            amount = next(amounts) + Decimal("0.37")
            more = {"type": type_, "status": status, "logged_at": days_ago(days)}
            make_transaction(alice, amount=amount, **more, **rate)


@pytest.mark.slow
def test_every_sum_of_a_list_opens_its_proof(ask, rows, subtests):
    for conditions in CONDITIONS:
        with subtests.test(str(conditions)):
            assert prove_sums(ask, conditions) > 3


@some_scenes
@given(searched=searches())
def test_every_sum_of_any_list_opens_its_proof(ask, stage, searched):
    scene, wanted = searched
    with stage.played(scene):
        prove_sums(ask, ALL_DAYS | {"currency": scene.currency})
        for search in wanted:
            prove_sums(ask, search.address(stage.wallets) | {"page": "1"})


def prove_sums(ask, conditions):
    page = ask(LIST, conditions)
    assert errors(page) == {}
    filters = page.context["filter"]
    found = [*sums(filters.selection, filters.totals)]
    for address, total in found:
        assert_proved(ask, address, total)
    return len(found)


def sums(selection, totals):
    """Yield the address and the total of each sum above the rows."""
    for flow in flows(selection, totals):
        yield flow.address, flow.total
        yield from ((share.address, share.total) for share in flow.shares if share.address)
    for total in totals.by_currency_and_direction():
        own = selection.replace(direction=total.direction, arrival_currency=total.currency)
        yield own.address, total


def assert_proved(ask, address, told):
    opened = ask(address)
    assert errors(opened) == {}
    [total] = opened.context["filter"].totals.by_direction()
    arrived = opened.context["filter"].totals.by_currency_and_direction()
    [shown] = [total] if total.currency == told.currency else arrived
    assert (shown.amount, shown.count) == (told.amount, told.count)
    assert prove(ask, address) == [(total.amount, total.count, total.unconverted)]
