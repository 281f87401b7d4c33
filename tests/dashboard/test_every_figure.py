"""Every figure of the dashboard opens its rows, and the rows prove it."""

from decimal import Decimal

import pytest

from tests.dashboard.figures import figures_of, list_figure
from tests.support.factories import (
    days_ago,
    make_payment_system,
    make_rate,
    make_transaction,
    make_wallet,
)

pytestmark = pytest.mark.django_db

STATES = [
    {},
    {"tab": "withdrawals"},
    {"measure": "count"},
    {"detail": "on"},
    {"detail": "on", "measure": "count"},
    {"systems": ["", "bkash"], "total": "off"},
    {"systems": ["", "bkash", "upi_l"], "detail": "on", "total": "off"},
    {"country": "BD"},
    {"currency": "INR"},
    {"currency": "INR", "detail": "on", "tab": "withdrawals"},
]


@pytest.fixture
def rows(alice):
    """Transactions of three systems, two countries and three currencies, some without rate."""
    for code, currency, country in (("bkash", "BDT", "BD"), ("nagad", "BDT", "BD")):
        make_payment_system(code, currency=currency, country=country)
    make_rate("INR", "0.0125", days_ago(3).date())
    kinds = [{"type": t} for t in ("real", "forced", "fake", "withdrawal")]
    kinds += [{"type": "withdrawal", "status": "pending"}, {"status": "pending"}]
    n = 0
    for system in ("upi_l", "bkash", "nagad"):
        wallet = make_wallet(alice.client, f"{system}-w", payment_system=system)
        for days in (0, 1, 9):
            for kind in kinds:
                for row in (
                    {"usd_rate": "0.0119"},
                    {"usd_rate": None},
                    {"currency": "USD", "usd_rate": 1},
                ):
                    if days == 1 and row["usd_rate"] != "0.0119":
                        continue
                    n += 1
                    amount = Decimal(n) + Decimal("0.37")
                    make_transaction(
                        alice, wallet=wallet, amount=amount, logged_at=days_ago(days), **kind, **row
                    )


@pytest.mark.parametrize("state", STATES, ids=str)
def test_figure_equals_the_list_behind_it(client, board, rows, state):
    page = board(**state)

    wrong = {}
    for told in figures_of(page):
        found = list_figure(client.get(told.address), told)
        if found != told.says:
            wrong[told] = found
    assert wrong == {}
