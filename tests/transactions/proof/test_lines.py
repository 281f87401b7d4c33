"""The lines of "Why this number?" add up to the total that the list shows, and to nothing else."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from paykassma_admin.values import money
from tests.support.pages import errors
from tests.support.random_cases import reference
from tests.support.random_cases.cases import some_scenes
from tests.support.random_cases.searches import searches

pytestmark = pytest.mark.django_db

LIST, WHY = "/payments/transactions/", "/payments/transactions/why/"


@some_scenes
@given(searched=searches())
def test_lines_add_up_to_the_total_of_the_list(ask, stage, searched):
    scene, wanted = searched
    with stage.played(scene):
        for search in wanted:
            address = search.address(stage.wallets) | {"page": "1"}
            footer = ask(LIST, address).context["filter"].totals.by_direction()
            page = ask(WHY, address)

            assert errors(page) == {}
            sections = page.context["sections"]
            assert [section.total for section in sections] == [
                money_total_without_direction(total) for total in footer
            ]
            for section in sections:
                assert_lines(section, scene, search)


def money_total_without_direction(total):
    total.direction = ""
    return total


def assert_lines(section, scene, search):
    """Compare with the rows, added up in plain Python, and the lines with their total."""
    lines, rest = section.lines, section.rest
    amounts = [line.amount for line in lines if line.amount is not None]
    assert money.total([*amounts, rest.amount if rest else Decimal(0)]) == section.total.amount
    assert sum(line.count for line in lines) + (rest.count if rest else 0) == section.total.count

    direction = section.proof.selection.direction
    rows = [row for row in search.rows if row.direction == direction]
    expected = Counter((reference.day_of(row, scene.zone), row.currency) for row in rows)
    for day in section.proof.lines:
        of_day = [row for row in rows if reference.day_of(row, scene.zone) == day.day]
        found = scene.found(of_day, search.currency)
        assert (day.count, day.unconverted) == (found.count, found.unconverted)
        for line in day.currencies:
            own = [row for row in of_day if row.currency == line.currency]
            assert line.count == expected.pop((day.day, line.currency)) == len(own)
            assert line.amount == sum(row.amount for row in own)
            assert Fraction(line.known_usd or 0) == sum(map(worth_in_usd, own))
    assert not expected


def worth_in_usd(row):
    if row.currency == money.USD:
        return Fraction(row.amount)
    return Fraction(0) if row.usd_rate is None else reference.amount_usd(row)
