from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from clients.models import Client
from paykassma_admin.lists import counting
from paykassma_admin.periods import Period
from tests.support.factories import make_rate, make_transaction, worker
from tests.support.pages import errors, numbers, words

pytestmark = pytest.mark.django_db

TODAY = {"date_from": "2026-11-24", "date_to": "2026-11-24"}
TWO_DAYS = {"date_from": "2026-11-22", "date_to": "2026-11-23"}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def by_hour(client, alice, **state):
    """Label of the hour → point of the total, of hours that have something."""
    client.force_login(alice)
    answer = client.get("/chart.json", state).json()
    points = answer["datasets"][0]["data"]
    return {
        label: point
        for label, point in zip(answer["labels"], points, strict=True)
        if point not in ("0", None)
    }


def test_two_days_are_shown_by_hour(client, board, alice):
    make_transaction(alice, amount=1000, logged_at=at("2026-11-22 03:30"))  # 9:00 in Kolkata
    make_transaction(alice, amount=2000, logged_at=at("2026-11-22 04:29:59"))
    make_transaction(alice, amount=3000, logged_at=at("2026-11-23 04:30"))

    assert by_hour(client, alice, **TWO_DAYS) == {
        "2026-11-22T09:00": "36",
        "2026-11-23T10:00": "36",
    }
    page = board(**TWO_DAYS)
    assert len(page.context["chart"].slots) == 48
    assert (
        sum(page.context["chart"].series[0].points) == page.context["summary"].pay_ins.total.amount
    )
    assertContains(page, "Таблица по часам")
    assert "22.11.2026, 09:00 36,00 36,00 22.11.2026, 10:00 0,00 0,00" in words(page)


@pytest.mark.parametrize("state", [{}, TWO_DAYS | {"step": "day"}, TWO_DAYS | {"date_to": ""}])
def test_chart_shows_days_for_long_periods_or_by_choice(board, state):
    page = board(**state)

    assertNotContains(page, "Таблица по часам")


def test_hour_links_to_its_transactions(client, board, alice):
    make_transaction(alice, "8:59", logged_at=at("2026-11-22 03:29"))
    make_transaction(alice, "9:00", logged_at=at("2026-11-22 03:30"))
    make_transaction(alice, "fake", type="fake", logged_at=at("2026-11-22 03:30"))
    make_transaction(alice, "next day", logged_at=at("2026-11-23 03:30"))

    page = board(**TWO_DAYS)

    slot = page.context["chart"].slots.index(datetime(2026, 11, 22, 9))
    address = (
        page.context["chart"]
        .series[0]
        .selection.select_slot(*[page.context["chart"].slots[slot]] * 2)
        .address
    )
    assertContains(page, f'href="{address.replace("&", "&amp;")}"')
    assert numbers(client.get(address)) == ["9:00"]


def test_todays_hours_end_now_or_with_the_last_transaction(client, board, alice):
    assert board(**TODAY).context["chart"].slots[-1] == datetime(2026, 11, 24, 17)
    assert board(**TODAY).context["chart"].axis.first_unfinished == 17
    make_transaction(alice, logged_at=at("2026-11-24 14:30"))

    assert board(**TODAY).context["chart"].slots[-1] == datetime(2026, 11, 24, 20)
    assert by_hour(client, alice, **TODAY) == {"2026-11-24T20:00": "12"}


def test_repeated_hour_is_one_point(client, alice):
    move(alice, "America/New_York")
    make_transaction(alice, "first", logged_at=at("2026-11-01 05:30"))
    make_transaction(alice, "second", logged_at=at("2026-11-01 06:30"))
    day = {"date_from": "2026-11-01", "date_to": "2026-11-01"}

    assert by_hour(client, alice, **day) == {"2026-11-01T01:00": "24"}
    open_list = client.get("/payments/transactions/", day | {"hour_from": 1, "hour_to": 1})
    assert numbers(open_list) == ["second", "first"]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Kolkata", date(2026, 11, 24), list(range(24))),
        ("America/New_York", date(2026, 3, 8), [0, 1, *range(3, 24)]),
        ("America/New_York", date(2026, 11, 1), list(range(24))),
        ("Africa/Cairo", date(2026, 4, 24), list(range(1, 24))),
        ("Australia/Lord_Howe", date(2026, 10, 4), list(range(24))),
        ("Pacific/Apia", date(2011, 12, 30), []),
    ],
)
def test_day_has_the_hours_of_its_clock(zone, day, hours):
    found = Period(day, day, ZoneInfo(zone)).hours()

    assert found == [datetime(day.year, day.month, day.day, hour) for hour in hours]


def test_hour_is_converted_at_its_days_rate(client, alice):
    make_rate("INR", "0.0125", date(2026, 11, 22))
    make_transaction(alice, amount=10, currency="USD", usd_rate=1, logged_at=at("2026-11-22 03:30"))
    make_transaction(alice, amount=7, logged_at=at("2026-11-22 03:30"))

    assert by_hour(client, alice, currency="INR", **TWO_DAYS) == {"2026-11-22T09:00": "807"}


def test_hours_of_many_days_are_refused(board, client):
    response = board(step="hour")

    sentence = "По часам показывают один или два дня. Выберите меньше дней."
    assert errors(response)["step"] == [sentence]
    assertContains(response, sentence)
    assert client.get("/chart.json", {"step": "hour"}).status_code == 400


def test_days_with_too_many_rows_are_not_split_by_hour(client, board, alice, monkeypatch):
    for minute in range(3):
        make_transaction(alice, logged_at=at(f"2026-11-22 03:3{minute}"))
    monkeypatch.setattr(counting, "MAX_COUNTED_ROWS", 2)

    page = board(**TWO_DAYS)

    assertContains(page, "слишком много транзакций, чтобы показать их по часам")
    assert by_hour(client, alice, **TWO_DAYS) == {"2026-11-22": "36"}
    assert page.context["chart"].slots == [date(2026, 11, 22), date(2026, 11, 23)]


def steps(page):
    return {str(each.label): dict(each.state) for each in page.context["filter"].steps}


def pressed_step(page):
    [pressed] = [str(each.label) for each in page.context["filter"].steps if each.pressed]
    return pressed


def test_hours_can_be_switched_off_and_on(board):
    by_hours, by_days = board(**TWO_DAYS), board(**TWO_DAYS, step="day")

    assert steps(by_hours) == {"Час": TWO_DAYS, "День": TWO_DAYS | {"step": "day"}}
    assert steps(by_days) == steps(by_hours)
    assert [pressed_step(page) for page in (by_hours, by_days)] == ["Час", "День"]
    assertNotContains(board(), 'id="step-hour"')


def move(alice, zone):
    with worker():
        Client.objects.filter(pk=alice.client.pk).update(time_zone=zone)


@pytest.mark.parametrize(
    "state", [{"date_from": "x"}, {"date_from": "2026-11-25"}, {"date_to": ""}, {"tab": "other"}]
)
def test_invalid_date_does_not_affect_todays_card(board, alice, state):
    make_transaction(alice, type="withdrawal", amount=500, usd_rate="0.012")

    shown = words(board(**state))

    assert "за сегодня 6,00 USD " in shown and " 24.11.2026, Asia/Kolkata" in shown
    assert "Сумма активированных транзакций —" in shown


def test_invalid_country_hides_all_cards(board, alice):
    make_transaction(alice, type="withdrawal", amount=500, usd_rate="0.012")

    assert "6,00 USD" not in words(board(country="XX"))
