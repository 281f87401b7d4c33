"""The lines of "Why this number?", added up."""

from decimal import Decimal

from paykassma_admin.values import money
from tests.support.pages import errors

LIST, WHY = "/payments/transactions/", "/payments/transactions/why/"


def prove(ask, address):
    """Return what the lines of each direction add up to: amount, count, unconverted."""
    page = ask(address.replace(LIST, WHY, 1))
    assert errors(page) == {}
    return [add_up(section) for section in page.context["sections"]]


def add_up(section):
    lines, rest = section.lines, section.rest
    amounts = [line.amount for line in lines if line.amount is not None]
    everything = section.proof.lines
    assert (rest.days if rest else 0) == len(everything) - len(lines)
    amount = money.total([*amounts, rest.amount if rest else Decimal(0)])
    assert amount == section.total.amount
    count = sum(line.count for line in lines) + (rest.count if rest else 0)
    return amount, count, sum(line.unconverted for line in everything)
