from decimal import Decimal
from itertools import count, product

import pytest

from tests.dashboard.figures import figures_of, list_figure
from tests.support.factories import (
    days_ago,
    make_payment_system,
    make_rate,
    make_transaction,
    make_wallet,
    worker,
)
from tests.support.marks import slow
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db

# Others: tests/slow/test_figures.py.
STATES = [
    {},
    {"systems": ["", "bkash", "upi_l"], "detail": "on", "total": "off"},
    {"date_from": "2026-10-20", "step": "month", "tab": "withdrawals"},
]


@pytest.fixture
def rows(alice):
    for code, currency, country in (("bkash", "BDT", "BD"), ("nagad", "BDT", "BD")):
        make_payment_system(code, currency=currency, country=country)
    make_rate("INR", "0.0125", days_ago(3).date())
    kinds = [{"type": t} for t in ("real", "forced", "fake", "withdrawal")]
    kinds += [{"type": "withdrawal", "status": "pending"}, {"status": "pending"}]
    rates = [{"usd_rate": "0.0119"}, {"usd_rate": None}, {"currency": "USD", "usd_rate": 1}]
    numbers = count(1)
    with worker():
        for system in ("upi_l", "bkash", "nagad"):
            wallet = make_wallet(alice.client, f"{system}-w", payment_system=system)
            for days, kind, row in product((0, 1, 9), kinds, rates):
                if days != 1 or row == rates[0]:
                    more = {"logged_at": days_ago(days), **kind, **row}
                    amount = next(numbers) + Decimal("0.37")
                    make_transaction(alice, wallet=wallet, amount=amount, **more)


def test_figure_equals_the_list_behind_it(client, board, rows, subtests):
    for state in STATES:
        with subtests.test(str(state)):
            assert wrong_figures(client, board(**state)) == {}


# Figures of the other states equal their lists, whose lines add up: tests/transactions/proof.
@pytest.mark.parametrize("state", [STATES[1], *slow(STATES[0], STATES[2])], ids=str)
def test_lines_add_up_to_every_figure(client, board, rows, state):
    for told in figures_of(board(**state)):
        totals = client.get(told.address).context["filter"].totals
        expected = [(t.amount, t.count, t.unconverted) for t in totals.by_direction()]
        assert prove(client.get, told.address) == expected, told


def wrong_figures(client, page):
    wrong = {}
    for told in figures_of(page):
        found = list_figure(client.get(told.address), told)
        if found != told.says:
            wrong[told] = found
    return wrong
