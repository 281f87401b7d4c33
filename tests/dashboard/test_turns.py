"""Who asks for a long period waits for others who do, and nobody waits for them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from dashboard.turns import TurnsMiddleware, is_long

YEAR = "/?date_from=2025-11-24&date_to=2026-11-24"
WEEK = "/?date_from=2026-11-17&date_to=2026-11-24"
SECONDS = 10


def request(address):
    return RequestFactory().get(address)


@pytest.fixture
def server():
    """Answers any number at once; the one of "held" only when it may."""
    begun, may_end = Event(), Event()

    def answer(request):
        if "held" in request.GET:
            begun.set()
            assert may_end.wait(SECONDS)
        return HttpResponse(request.get_full_path())

    answer = TurnsMiddleware(answer)
    with ThreadPoolExecutor(3) as pool:
        held = pool.submit(answer, request(f"{YEAR}&held"))
        assert begun.wait(SECONDS)
        yield lambda address: pool.submit(answer, request(address))
        may_end.set()
        held.result(SECONDS)


def test_a_year_waits_for_the_one_before_it(server):
    asked = server(YEAR)

    with pytest.raises(TimeoutError):
        asked.result(0.2)


def test_a_week_does_not_wait_for_a_year(server):
    assert server(WEEK).result(SECONDS).status_code == 200


def test_a_year_that_fails_gives_its_turn_away():
    def fail(request):
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            TurnsMiddleware(fail)(request(YEAR))


@pytest.mark.parametrize(
    ("address", "long"),
    [
        (YEAR, True),
        (YEAR.replace("/", "/chart.json", 1), True),
        ("/?date_from=2025-11-24", True),  # up to today
        ("/?date_to=2099-12-31", True),  # from last week on
        (f"{YEAR}%20", True),
        (WEEK, False),
        ("/", False),
        ("/?date_from=&date_to=2026-11-24", False),
        ("/?date_from=yesterday&date_to=2026-11-24", False),
        (YEAR.replace("/", "/payments/transactions/", 1), False),
    ],
)
def test_only_a_dashboard_of_months_waits(address, long):
    assert is_long(request(address)) is long


def test_who_waits_has_asked_the_database_nothing():
    order = settings.MIDDLEWARE
    session = "django.contrib.sessions.middleware.SessionMiddleware"

    assert order.index("dashboard.turns.TurnsMiddleware") < order.index(session)
