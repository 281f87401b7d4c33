"""Days of a query: none of them may be all, and those it leaves out may be of any time."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import NOON
from tests.support.factories import make_accumulation, make_client, make_member, make_transaction
from tests.support.pages import csv_rows, numbers

pytestmark = pytest.mark.django_db
LIST = "/payments/transactions/"
ACCUMULATIONS = "/payments/accumulations/"


@pytest.fixture
def rows(client, alice):
    client.force_login(alice)
    for number, days in {"today": 0, "week": 6, "old": 40}.items():
        logged_at = NOON - timedelta(days=days)
        make_transaction(alice, number, logged_at=logged_at)
        make_accumulation(alice, number, formed_at=logged_at)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("logged:2026-10-25T02:59", []),
        ("logged:2026-10-25T02:38", ["first 38", "second 38"]),
        ("logged:>2026-10-25T02:38", ["second 51"]),
        ("logged:<=2026-10-25T02:38", ["first 38", "first 51", "second 38"]),
        ("logged:>=2026-10-25T02:51", ["first 51", "second 38", "second 51"]),
        ("logged:2026-10-25 -logged:2026-10-25T02:59",
         ["first 38", "first 51", "second 38", "second 51"]),
    ],
)  # fmt: skip
def test_minute_that_the_clock_shows_twice_is_both(client, text, found):
    user = make_member("erika", client=make_client("berlin", time_zone="Europe/Berlin"))
    client.force_login(user)
    for name, hour in {"first": 0, "second": 1}.items():
        for minute in (38, 51):
            at = datetime(2026, 10, 25, hour, minute, 20, tzinfo=UTC)
            make_transaction(user, f"{name} {minute}", logged_at=at)

    assert sorted(numbers(client.get(LIST, {"q": text}, follow=True))) == found


@pytest.mark.parametrize("text", ["-logged:all", "-logged:all,today", "-logged:all type:fake"])
@pytest.mark.parametrize("address", [LIST, f"{LIST}why/", "/search/"])
def test_query_that_no_row_can_meet_finds_none(client, rows, address, text):
    response = client.get(address, {"q": text}, follow=True)

    assert (response.status_code, numbers_of(response)) == (200, [])


@pytest.mark.parametrize(
    "address", [f"{ACCUMULATIONS}?q=-formed:all", "/audit/?q=-at:all", f"{LIST}?q=-logged:all"]
)
def test_list_of_no_days_has_no_rows(client, rows, address):
    assert client.get(address, follow=True).status_code == 200


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("address", [f"{LIST}export.csv", f"{ACCUMULATIONS}export.csv"])
def test_export_of_no_days_has_no_rows(client, rows, address):
    field = "formed" if address.startswith(ACCUMULATIONS) else "logged"

    assert csv_rows(client.get(address, {"q": f"-{field}:all"})) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-logged:today", ["old", "week"]),
        ("-logged:today,2026-11-18", ["old"]),
        ("-logged:>2026-11-17", ["old"]),
        ("logged:7d -logged:today", ["week"]),
        ("logged:2026-11-24,2026-11-18 -logged:today", ["week"]),
    ],
)
def test_days_left_out_leave_no_others_out(client, rows, text, found):
    assert sorted(numbers(client.get(LIST, {"q": text}, follow=True))) == found


def test_days_left_out_of_accumulations_leave_no_others_out(client, rows):
    response = client.get(ACCUMULATIONS, {"q": "-formed:today"}, follow=True)

    assert sorted(numbers(response)) == ["old", "week"]


def test_chips_say_that_all_other_days_hold(client, rows):
    response = client.get(LIST, {"q": "-logged:today"}, follow=True)

    chips = {chip.label: chip.value for chip in response.context["filter"].chips}
    assert chips == {"Период": "все дни", "Дата": "не 24.11.2026"}


@pytest.mark.parametrize(
    "days", ["-logged:today", "logged:2026-11-22,2026-11-24", "logged:>2026-11-22T14:00"]
)
def test_period_is_taken_off_with_the_days_of_the_query(client, rows, days):
    response = client.get(LIST, {"q": f"{days} amount:>1"}, follow=True)
    [period] = [chip for chip in response.context["filter"].chips if chip.name == "period"]

    after = client.get(period.without)

    assert after.status_code == 200
    assert "period" not in [chip.name for chip in after.context["filter"].chips]
    assert after.context["filter"].form.cleaned_data["q"] == "amount:>1"


def numbers_of(response):
    page = getattr(response.context.get("table"), "page", None)
    return [row.record.number for row in page.object_list] if page else []
