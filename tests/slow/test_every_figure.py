"""Each figure of the demo's dashboard equals the list that it opens, in every state of the tabs."""

from itertools import product

import pytest

from accounts.models import User
from devtools.demo.demo import make_demo
from tests.dashboard.figures import figures_of, list_figure
from tests.support.factories import worker

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"]),
    pytest.mark.timeout(1200),
]

STATES = [
    dict(zip(("tab", "measure", "chart", "detail", "total"), state, strict=True))
    for state in product(
        ("transactions", "withdrawals"),
        ("sum", "count"),
        ("line", "bar"),
        ("on", "off"),
        ("on", "off"),
    )
]
PERIODS = [{}, {"date_from": "2026-11-23"}, {"currency": "INR"}, {"systems": ["upi_l", "bkash"]}]
PERIODS += [{"date_from": "2026-09-24"}, {"date_from": "2025-11-24", "currency": "INR"}]


@pytest.fixture
def browser(client):
    with worker():
        assert make_demo(3_000)
        user = User.objects.get(username="alpha")
    client.force_login(user)
    return client


@pytest.mark.parametrize("more", PERIODS, ids=str)
def test_all_figures_of_all_states_open_their_rows(browser, more):
    assert len(STATES) == 32
    lists, wrong, seen = {}, {}, 0
    for state in STATES:
        page = browser.get("/", state | more)
        for told in figures_of(page):
            if told.address not in lists:
                lists[told.address] = browser.get(told.address)
            seen += 1
            if (found := list_figure(lists[told.address], told)) != told.says:
                wrong[str(state), told] = found
    assert wrong == {}
    assert seen > 1000
