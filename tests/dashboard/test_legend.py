from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.cache import cache
from pytest_django.asserts import assertContains, assertNotContains

from paykassma_admin.charts.styles import REST, TOTAL, series_style
from tests.support.factories import make_payment_system, make_transaction, make_wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def nine(alice):
    """Nine payment systems beside her first: p1 has 1 transaction of 1000 INR, p2 has 2 of 500 …"""
    for n in range(1, 10):
        make_payment_system(f"p{n}")
        wallet = make_wallet(alice.client, f"w{n}", payment_system=f"p{n}")
        for number in range(n):
            amount = Decimal(1000 - 100 * n)
            make_transaction(alice, f"{n}-{number}", wallet=wallet, amount=amount)


def looks(response):
    return {s.code: s.style for s in response.context["filter"].payment_systems}


def labels(response):
    return [series.label for series in response.context["chart"].series]


def gathered_codes(response):
    return {e.system.code for e in response.context["legend"].entries if e.is_gathered}


def without_colour(style):
    return style.shape, style.rotation, style.hollow


def test_payment_system_keeps_its_style(board, alice):
    make_payment_system("aaa")  # older than all of hers, and before them by name
    before = looks(board())
    make_wallet(alice.client, "new", payment_system="aaa")
    cache.clear()  # a minute later

    assert list(looks(board())) == ["upi_l", "aaa"]
    assert looks(board())["upi_l"] == before["upi_l"]
    assert looks(board(systems="aaa", detail="on", tab="withdrawals")) == looks(board())


def test_styles_differ_without_colour():
    marks = [without_colour(style) for style in [TOTAL, REST, *map(series_style, range(11))]]

    assert len(set(marks)) == 13


def test_styles_repeat_only_after_many_systems():
    assert len({series_style(place).colour for place in range(8)}) == 8
    assert len({(s.colour, *without_colour(s)) for s in map(series_style, range(88))}) == 88


def test_lines_without_marks_differ_by_colour_and_dash():
    assert len({(s.colour, s.dash) for s in map(series_style, range(32))}) == 32


def test_legend_shows_the_style_of_each_series(client, board, nine):
    for state in ({}, {"systems": ["p1", "p9"]}, {"detail": "on"}):
        page = board(**state)

        for dataset in client.get("/chart.json", state).json()["datasets"]:
            key, colour = dataset["style"]["key"], dataset["style"]["colour"]
            assertContains(page, f'data-pk-swatch="{key}"')
            assertContains(page, f"var(--pk-series-{colour})")


def test_seven_systems_are_drawn_and_the_rest_joined(board, chart, nine):
    """Sums: p5 2500, p4 and p6 2400, p3 and p7 2100, p2 and p8 1600, p1 and p9 900, upi_l 0."""
    response = board(currency="INR")

    assert labels(response) == [
        "Все транзакции",
        *(f"p{n}" for n in range(2, 9)),
        "Остальные (3)",
    ]
    assert gathered_codes(response) == {"p1", "p9", "upi_l"}
    assert response.context["legend"].rest == "Остальные (3)"
    assert list(chart(currency="INR")) == labels(response)
    assert response.context["days"].headings == labels(response)
    assertContains(response, "Остальные (3)")


def test_largest_systems_depend_on_the_measure(board, nine):
    """Counts: p9 has 9 … p1 has 1."""
    assert gathered_codes(board(measure="count")) == {"p1", "p2", "upi_l"}


def test_joined_systems_still_add_up(board, nine):
    total, *parts = board().context["chart"].series

    assert sum(parts[-1].points) > 0
    for point, *points in zip(total.points, *(part.points for part in parts), strict=True):
        assert Fraction(point) == sum(map(Fraction, points))


def test_seven_systems_are_not_joined(board, nine):
    response = board(systems=[f"p{n}" for n in range(1, 8)])

    assert labels(response) == ["Все транзакции", *(f"p{n}" for n in range(1, 8))]
    assert gathered_codes(response) == set()
    assertNotContains(response, "Остальные")


def test_unchosen_system_is_not_joined(board, nine):
    response = board(systems=[f"p{n}" for n in range(1, 10)], total="off")

    assert labels(response)[-1] == "Остальные (2)"
    assert gathered_codes(response) == {"p1", "p9"}


def test_single_remaining_system_is_drawn_itself(board, nine):
    response = board(systems=[f"p{n}" for n in range(1, 9)], total="off")

    assert labels(response) == [f"p{n}" for n in range(1, 9)]
    assert gathered_codes(response) == set()


def test_each_detail_panel_joins_its_own_systems(board, alice, nine):
    for code in ("p1", "p9"):
        wallet = make_wallet(alice.client, f"{code}-bdt", payment_system=code)
        make_transaction(alice, wallet=wallet, currency="BDT")

    response = board(detail="on", systems=[f"p{n}" for n in range(1, 10)])

    by_panel = {panel: [] for panel in response.context["chart"].panels}
    for series in response.context["chart"].series:
        by_panel[series.panel].append(series.label)
    assert by_panel["BDT"] == ["Все транзакции", "p1", "p9"]
    assert by_panel["INR"][-1] == "Остальные (2)"
    assert (
        gathered_codes(response) == set()
    )  # p1 and p9 have a series of their own in one of the panels


def test_legend_has_nothing_of_another_client(board, charlie):
    make_wallet(charlie.client, "his", payment_system="nagad")

    assert list(looks(board())) == ["upi_l"]


def only(response, code):
    [entry] = [e for e in response.context["legend"].entries if e.system.code == code]
    return entry


def test_one_link_leaves_a_system_alone_and_brings_all_back(client, board, nine):
    response = board(measure="count", systems=["p1", "p2"])

    alone = client.get(only(response, "p7").address)

    assert labels(alone) == ["p7"]
    assert alone.context["filter"].data["measure"] == "count"
    assertContains(alone, "снова все", count=1)
    again = client.get(only(alone, "p7").address)
    assert len(labels(again)) == 9
    assert labels(client.get(only(alone, "p8").address)) == ["p8"]


def test_gathered_system_can_be_looked_at_alone(client, board, nine):
    assert labels(client.get(only(board(), "upi_l").address)) == ["upi_l"]


def test_link_to_one_system_names_it(board):
    assertContains(board(), 'aria-label="только этот: upi_l"')
