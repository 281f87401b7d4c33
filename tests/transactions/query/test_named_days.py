"""A period by its name in the address: other days each day, by the Client's clock."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.support.factories import days_ago, make_transaction
from tests.support.pages import errors, numbers, words

pytestmark = pytest.mark.django_db

LIST = "/payments/transactions/"


@pytest.fixture
def listed(client, alice):
    client.force_login(alice)
    return lambda **conditions: client.get(LIST, conditions)


def test_name_of_the_address_is_marked_where_two_periods_have_its_days(listed, client, alice):
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        client.force_login(alice)  # the session of before has ended
        page = listed(days="month")
        shown = {
            quick.name for quick, _, is_shown in page.context["filter"].quick_periods if is_shown
        }

    assert shown == {"month"}
    assert "days=month" in page.context["relative_link"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("today", ["T0"]),
        ("yesterday", ["T1"]),
        ("7d", ["T0", "T1", "T6"]),
        ("8d", ["T0", "T1", "T6", "T7"]),
        ("30d", ["T0", "T1", "T6", "T7", "T24"]),
        ("month", ["T0", "T1", "T6", "T7"]),
        ("last-month", ["T24"]),
    ],
)
def test_period_by_name_has_its_days(listed, alice, name, found):
    for days in (0, 1, 6, 7, 24):
        make_transaction(alice, f"T{days}", logged_at=days_ago(days))

    assert numbers(listed(days=name)) == found


def test_yesterday_is_of_the_clients_clock(client, alice):
    make_transaction(alice, "T1", logged_at=datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 11, 24, 18, 29, tzinfo=UTC), tick=False):
        client.force_login(alice)
        assert numbers(client.get(LIST, {"days": "yesterday"})) == []
    with time_machine.travel(datetime(2026, 11, 24, 18, 30, tzinfo=UTC), tick=False):
        client.force_login(alice)
        assert numbers(client.get(LIST, {"days": "yesterday"})) == ["T1"]


@pytest.mark.parametrize("days", ["tomorrow", ["today", "yesterday"]])
def test_unknown_period_is_named_and_nothing_is_shown(listed, alice, days):
    make_transaction(alice)

    page = listed(days=days)

    assert "days" in errors(page)
    assert not len(page.context["table"].data)


def test_period_and_dates_together_are_refused(listed, alice):
    make_transaction(alice)

    page = listed(days="today", date_from="2026-11-01")

    assert "либо датами, либо названием" in words(page)
    assert not len(page.context["table"].data)


def test_other_dates_take_the_name_off(listed, alice):
    filters = listed(days="yesterday", type="real").context["filter"]

    assert "days=" not in filters.address_with(date_from="2026-11-01")
    assert "days=yesterday" in filters.address_with(type=None)
    assert ("days", "yesterday") not in filters.extra_parameters
    [period, _type] = filters.chips
    assert period.value == "Вчера, 23.11.2026"
    assert "days=" not in period.without


def test_file_of_a_period_by_name_has_its_dates(listed, alice):
    query = listed(days="yesterday").context["filter"].query_of_all_pages

    assert "date_from=2026-11-23&date_to=2026-11-23" in query and "days=" not in query


def test_saved_view_keeps_the_name(listed, alice):
    assert "days%3Dyesterday" in listed(days="yesterday").context["filter"].saveable_query


def test_dashboard_knows_the_period_by_name(client, alice):
    client.force_login(alice)

    page = client.get("/", {"days": "last-month"})

    assert errors(page) == {}
    assert page.context["filter"].period.first.isoformat() == "2026-10-01"
