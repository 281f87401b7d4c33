"""Shares of a list's sums, counted in the cards or left out: each part opens its very rows."""

import re
from decimal import Decimal
from html import unescape

import pytest

from tests.support.factories import make_transaction
from tests.support.pages import numbers, words

pytestmark = pytest.mark.django_db

LIST = "/payments/transactions/"


@pytest.fixture
def open_list(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(LIST, conditions)


@pytest.fixture
def rows(alice):
    make_transaction(alice, "real", amount=100, usd_rate="0.01")
    make_transaction(alice, "forced", amount=200, usd_rate="0.01", type="forced")
    make_transaction(alice, "fake", amount=400, usd_rate="0.01", type="fake")
    make_transaction(
        alice, "fake-declined", amount=50, usd_rate="0.01", type="fake", status="declined"
    )
    make_transaction(alice, "pending", amount=800, usd_rate="0.01", status="pending")
    make_transaction(alice, "paid", amount=1600, usd_rate="0.01", type="withdrawal")
    for number, status in (("asked", "pending"), ("refused", "declined")):
        make_transaction(
            alice, number, amount=3200, usd_rate="0.01", type="withdrawal", status=status
        )


def figures(response):
    """Return {address: amount} of the sums in the currency of the list, parts too."""
    flows = response.content.decode().split('<dl class="pk-flows">')[1].split("</dl>")[0]
    found = re.findall(r'<a href="([^"]*)">(.*?)</a>', flows)
    return {unescape(address): amount_of(html) for address, html in found}


def amount_of(html):
    return Decimal(re.sub(r"[^\d,]", "", re.sub("<[^>]*>", "", html)).replace(",", "."))


def test_parts_of_a_sum_are_named(open_list, rows):
    shown = words(open_list())

    assert "входящие 15,50 USD в карточках 3,00 USD · фейковые 4,00 USD" in shown
    assert "неактивные 8,50 USD исходящие 80,00 USD выплачены 16,00 USD" in shown
    assert "в обработке 32,00 USD · остальные 32,00 USD" in shown


def test_parts_that_miss_their_sum_by_rounding_say_so(open_list, alice):
    for number, kind in {"a": "real", "b": "fake"}.items():
        make_transaction(alice, number, amount="0.4", usd_rate="0.01", type=kind)

    shown = words(open_list())
    assert "0,01 USD в карточках 0,00 USD · фейковые 0,00 USD" in shown
    assert "каждая сумма округлена отдельно" in shown


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"type": "fake"},
        {"status": "inactive"},
        {"direction": "outgoing"},
        {"amount_from": "60"},
        {"hour_from": "0", "hour_to": "23"},
        {"q": "is:other"},
        {"q": "amount:>60"},
    ],
)
def test_every_figure_opens_rows_with_its_sum(open_list, client, rows, conditions):
    for address, amount in figures(open_list(**conditions)).items():
        opened = client.get(address)
        [whole] = [figures(opened)[each] for each in [*figures(opened)][:1]]
        assert whole == amount, address


@pytest.mark.parametrize("conditions", [{}, {"amount_from": "60"}, {"q": "amount:>60"}])
def test_every_part_is_a_link(open_list, rows, conditions):
    page = open_list(**conditions).content.decode()
    flows = page.split('<dl class="pk-flows">')[1].split("</dl>")[0]

    assert flows.count("pk-money") == len(figures(open_list(**conditions)))


@pytest.mark.parametrize("conditions", [{}, {"state": "declined"}, {"type": "withdrawal"}])
def test_parts_add_up_to_their_whole(open_list, rows, conditions):
    for flow in re.findall(
        r'<dd class="pk-\w+" data-pk-conv.*?</dd>', open_list(**conditions).content.decode()
    ):
        whole, *parts = (amount_of(each) for each in re.findall(r"<a .*?</a>", flow))
        assert not parts or sum(parts) == whole


def test_sum_that_the_cards_count_whole_has_no_parts(open_list, alice):
    make_transaction(alice, amount=100)

    assert "в карточках" not in words(open_list())


def test_payout_that_is_no_withdrawal_is_among_the_rest(open_list, client, rows, alice):
    make_transaction(alice, "odd", amount=64, usd_rate="0.01", direction="outgoing")
    [address] = [
        address for address, amount in figures(open_list()).items() if amount == Decimal("32.64")
    ]

    assert numbers(client.get(address)) == ["odd", "refused"]


def test_currency_opens_its_rows(open_list, client, rows, alice):
    make_transaction(alice, "taka", amount=9, currency="BDT")
    page = open_list().content.decode()
    [address] = re.findall(r'data-pk-sum="incoming BDT">.*?href="([^"]*)"', page)

    assert numbers(client.get(unescape(address))) == ["taka"]
