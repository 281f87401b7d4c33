"""Card, point of the chart, list with its footer, JSON and file: they cannot differ.

Each is held against the naive computation, over random rows and what becomes of them, rates, zones,
periods and filters.
"""

import re
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.summary import UncountedRows
from paykassma_admin.values.money import json_text, places
from tests.support.pages import csv_rows, errors
from tests.support.random_cases import reference
from tests.support.random_cases.cases import many_scenes, scenes, some_scenes
from tests.support.random_cases.searches import PAGE, searches
from tests.support.random_cases.strategies import SYSTEMS
from transactions import selection
from transactions.filters import TransactionFilterSet

pytestmark = pytest.mark.django_db

LIST = "/payments/transactions/"
TOTAL_LABELS = {"transactions": "Все транзакции", "withdrawals": "Все выводы"}
CARDS = {
    "pay_ins": reference.is_pay_in,
    "fakes": reference.is_fake,
    "withdrawals_today": reference.is_withdrawal,
    "in_progress_today": reference.is_in_progress,
}

tab_states = st.fixed_dictionaries(
    {
        "tab": st.sampled_from(["transactions", "withdrawals"]),
        "measure": st.sampled_from(["sum", "sum", "count"]),
        "detail": st.sampled_from(["on", "off"]),
        "total": st.sampled_from(["on", "on", "off"]),
    },
    optional={
        "systems": st.lists(st.sampled_from(list(SYSTEMS)), unique=True).map(lambda s: ["", *s]),
        "step": st.sampled_from(["day", "week", "month"]),
    },
)


@many_scenes
@given(scene=scenes(), filed=st.sampled_from(list(CARDS)))
def test_a_card_and_the_list_behind_it_agree_with_a_plain_computation(ask, stage, scene, filed):
    with stage.played(scene):
        summary = ask("/", scene.address).context["summary"]

        for name, count in CARDS.items():
            days = [scene.today, scene.today] if name.endswith("today") else []
            expected = scene.rows_that(count, *days)
            card = getattr(summary, name)
            behind = ask(f"{card.selection.address}&per_page=100")
            total = behind.context["filter"].totals.total()
            assert shown(card) in (total, total.count)

            found, listed = scene.found(expected), reference.in_order(expected)
            assert (total.count, total.unconverted) == (found.count, found.unconverted)
            assert is_same(total.amount, found.amount, scene.currency)
            assert_listed(behind, listed)
            assert_footer(behind, listed, scene, scene.currency)
            if name == filed:
                file = ask(card.selection.address.replace("/?", "/export.csv?"))
                assert_in_file(file, listed, scene)


def shown(card):
    return card.count if isinstance(card, UncountedRows) else card.total


@some_scenes
@given(searched=searches())
def test_a_list_its_footer_and_its_file_agree_with_a_plain_computation(
    ask, stage, monkeypatch, searched
):
    monkeypatch.setattr(TransactionFilterSet, "page_size", PAGE)
    monkeypatch.setattr(
        selection, "SEEK_FROM_OFFSET", PAGE
    )  # from page 2 on, days are counted to find it
    scene, wanted = searched
    with stage.played(scene):
        for search in wanted:
            address = search.address(stage.wallets)

            page = ask(LIST, address)

            assert_listed(page, search.rows_of_page)
            assert_footer(page, search.rows, scene, search.currency)
            filed = reference.in_order(search.rows)  # newest first, whatever the list's order
            assert_in_file(ask(f"{LIST}export.csv", address), filed, scene)


def assert_listed(page, rows):
    assert errors(page) == {}
    listed = page.context["table"].page.object_list
    assert [row.record.pk for row in listed] == [row.id for row in rows]


def assert_footer(page, rows, scene, currency):
    totals = page.context["filter"].totals
    assert totals.count == len(rows)
    arrived = totals.by_currency_and_direction()
    assert {
        (t.currency, t.direction): (t.count, t.amount) for t in arrived
    } == reference.sums_by_arrival(rows)
    converted = {total.direction: total for total in totals.by_direction()}
    assert set(converted) == {row.direction for row in rows}
    for direction, total in converted.items():
        found = scene.found([row for row in rows if row.direction == direction], currency)
        assert (total.count, total.unconverted) == (found.count, found.unconverted)
        assert is_same(total.amount, found.amount, currency)


def assert_in_file(file, rows, scene):
    lines = csv_rows(file)
    assert [row_of(line) for line in lines] == rows
    assert reference.sums_by_arrival(map(row_of, lines)) == reference.sums_by_arrival(rows)
    assert [line["amount_usd"] and Fraction(line["amount_usd"]) for line in lines] == [
        "" if row.usd_rate is None else reference.amount_usd(row) for row in rows
    ]
    assert [datetime.fromisoformat(line["logged_at"]).isoformat() for line in lines] == [
        row.logged_at.astimezone(scene.zone).isoformat() for row in rows
    ]


def row_of(line):
    names = {field.name for field in fields(reference.Row)}
    return reference.Row(
        **{name: text for name, text in line.items() if name in names}
        | {
            "id": int(re.search(r"\d+$", line["number"])[0]),
            "is_hers": True,
            "amount": Decimal(line["amount"]),
            "usd_rate": Decimal(line["usd_rate"]) if line["usd_rate"] else None,
            "logged_at": datetime.fromisoformat(line["logged_at"]),
        }
    )


def is_same(amount, exact, currency):
    """To the last digit in USD; elsewhere days are divided, and division ends somewhere."""
    difference = abs(Fraction(amount) - exact)
    return difference == 0 if currency == "USD" else difference < Fraction(1, 10**20)


@many_scenes
@given(scene=scenes(), state=tab_states)
def test_the_chart_and_its_json_agree_with_a_plain_computation(ask, stage, scene, state):
    by_day = scene.address | state | {"step": "day"}
    with stage.played(scene):
        chart = ask("/", by_day).context["chart"]
        answer = ask("/chart.json", by_day).json()

    expected = {
        key: points_of(scene, rows, key[1] or scene.currency, state["measure"])
        for key, rows in series_of(scene, state).items()
    }
    assert answer["labels"] == [day.isoformat() for day in scene.days]
    assert {(s.label, s.panel) for s in chart.series} == set(expected)
    for series in chart.series:
        exact = expected[series.label, series.panel]
        assert len(series.points) == len(exact) == len(scene.days)
        currency = series.currency or "USD"
        assert [point is None for point in series.points] == [point is None for point in exact]
        pairs = [pair for pair in zip(series.points, exact, strict=True) if None not in pair]
        assert all(is_same(*pair, currency) for pair in pairs)
    assert [(d["label"], d["panel"]) for d in answer["datasets"]] == [
        (s.label, s.panel) for s in chart.series
    ]
    for dataset, series in zip(answer["datasets"], chart.series, strict=True):
        assert dataset["data"] == [json_text(point) for point in series.points]
        assert dataset["firstUnfinished"] == sum(day < scene.today for day in scene.days)


def counting_rule(tab):
    return reference.is_pay_in if tab == "transactions" else reference.is_withdrawal


def series_of(scene, state):
    counted = scene.rows_that(counting_rule(state["tab"]))
    detail = state["detail"] == "on"
    expected = {}
    for panel in {row.currency for row in counted} if detail else [""]:
        of_panel = [row for row in counted if panel in ("", row.currency)]
        if state["total"] == "on":
            expected[TOTAL_LABELS[state["tab"]], panel] = of_panel
        for code in state.get("systems", SYSTEMS):
            of_system = [row for row in of_panel if row.payment_system == code]
            if code and (of_system or not detail):
                expected[code, panel] = of_system
    return expected


def points_of(scene, rows, currency, measure):
    by_day = [
        [row for row in rows if reference.day_of(row, scene.zone) == day] for day in scene.days
    ]
    found = [scene.found(of_day, currency) for of_day in by_day]
    return [Fraction(each.count) if measure == "count" else known(each) for each in found]


def known(found):
    return None if 0 < found.count == found.unconverted else found.amount


@many_scenes
@given(scene=scenes())
def test_points_and_payment_systems_add_up_to_the_card(ask, stage, scene):
    with stage.played(scene):
        page = ask("/", scene.address).context
        answer = ask("/chart.json", scene.address).json()

    card = page["summary"].pay_ins.total.amount
    total, *systems = page["chart"].series
    assert is_same(card, sum_of(total.points), scene.currency)
    for point, *parts in zip(total.points, *(s.points for s in systems), strict=True):
        assert is_same(point or 0, sum_of(parts), scene.currency)
    tolerance = Fraction(1, 2 * 10 ** places(scene.currency))
    assert abs(sum_of(answer["datasets"][0]["data"]) - Fraction(card)) < tolerance


def sum_of(points):
    return sum(Fraction(point) for point in points if point is not None)


@many_scenes
@given(scene=scenes(), state=tab_states, data=st.data())
def test_a_figure_of_the_chart_and_the_list_behind_it_agree(ask, stage, scene, state, data):
    """Look at days, and at hours where these are few; at some of each, since there are hundreds."""
    with stage.played(scene):
        chart = ask("/", scene.address | state).context["chart"]
        figures = [
            (series, point, series.selection.select_slot(*span))
            for series in chart.series
            for span, point in zip(chart.axis.spans(), series.points, strict=True)
        ]
        figures += [(series, series.total, series.selection) for series in chart.series]
        told = [figure for figure in figures if figure[1] != 0] or figures
        for series, point, behind in data.draw(some(told)):
            assert_told(ask(behind.address), series, point)


def some(figures):
    return st.lists(st.sampled_from(figures), max_size=5) if figures else st.just([])


def assert_told(page, series, point):
    assert errors(page) == {}
    totals = page.context["filter"].totals
    if not series.currency:
        assert totals.count == point
    elif series.panel:
        arrived = {each.currency: each.amount for each in totals.by_currency_and_direction()}
        assert arrived in ({series.panel: point}, {} if point == 0 else None)
    else:
        amount = totals.total().known_amount
        assert (amount is None) == (point is None)
        assert is_same(amount or 0, Fraction(point or 0), series.currency)


@many_scenes
@given(scene=scenes())
def test_today_s_point_of_the_withdrawals_is_their_card(ask, stage, scene):
    with stage.played(scene):
        today = {"date_from": scene.today, "date_to": scene.today, "step": "day"}
        ends_today = scene.address | today
        page = ask("/", ends_today | {"tab": "withdrawals"}).context

    card = page["summary"].withdrawals_today.total.known_amount
    assert page["chart"].series[0].points == (card,)
