from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from accounts.turns import (
    MAX_CLIENT_REQUESTS,
    MAX_MEMBER_REQUESTS,
    MEMBERS,
    Holder,
    RequestQueueMiddleware,
    costly_view,
    remember,
    turn_holder,
)
from paykassma_admin import concurrency as mechanism
from paykassma_admin.concurrency import MAX_WAITING, limiter
from tests.support.pages import words
from tests.support.second_factors import sign_in

SECONDS = 10
YEAR = "/?date_from=2025-11-24&date_to=2026-11-24"
LIST = "/payments/transactions/"


@pytest.fixture(autouse=True)
def nobody_is_known():
    caches[MEMBERS].clear()
    yield
    assert not limiter.inside and not limiter.lines


def request(address="/wallets/balance/", session=None, **headers):
    asked = RequestFactory().get(address, **headers)
    if session:
        asked.COOKIES[settings.SESSION_COOKIE_NAME] = session
    return asked


def member(name, client_id):
    """A session of a member, by which an earlier request has shown who it is."""
    remember(("session", name), Holder("user", name, client_id))
    return name


@pytest.fixture
def server():
    """Answers any number at once; those of "held" only when they may."""
    may_end = Event()
    begun = []

    def answer(request):
        begun.append(request)
        if "held" in request.GET:
            assert may_end.wait(SECONDS)
        return HttpResponse(request.get_full_path())

    with ThreadPoolExecutor(40) as pool:
        yield Server(RequestQueueMiddleware(answer), pool, begun)
        may_end.set()


class Server:
    def __init__(self, answer, pool, begun):
        self.answer, self.pool, self.begun = answer, pool, begun

    def ask(self, *args, **kwargs):
        return self.pool.submit(self.answer, request(*args, **kwargs))

    def hold(self, times, session, address="/wallets/balance/?held"):
        asked = [self.ask(address, session) for _time in range(times)]
        with pytest.raises(TimeoutError):
            asked[-1].result(0.3)
        return asked


def test_of_a_member_two_requests_are_answered_at_once(server):
    server.hold(5, member("alice", 1))

    assert len(server.begun) == MAX_MEMBER_REQUESTS


def test_of_a_client_three_requests_are_answered_at_once(server):
    for name in ("alice", "bob", "eve"):
        server.hold(2, member(name, 1))

    assert len(server.begun) == MAX_CLIENT_REQUESTS


def test_another_client_waits_for_none_of_them(server):
    for name in ("alice", "bob", "eve"):
        server.hold(4, member(name, 1))

    assert server.ask(session=member("charlie", 2)).result(SECONDS).status_code == 200


def test_visitors_wait_for_each_other_and_members_for_none_of_them(server):
    server.hold(5, "a session that nobody has")

    assert len(server.begun) == MAX_MEMBER_REQUESTS
    assert server.ask(session=member("charlie", 2)).result(SECONDS).status_code == 200


def test_who_floods_is_told_to_wait_and_asks_the_database_nothing(server):
    flood = [server.ask("/wallets/balance/?held", member("alice", 1)) for _time in range(30)]
    told = [each.result(SECONDS) for each in flood if each.done() or finishes(each)]

    assert len(told) == 30 - MAX_MEMBER_REQUESTS - MAX_WAITING
    assert {answer.status_code for answer in told} == {429}
    assert {answer["Retry-After"] for answer in told} == {"5"}
    assert "Слишком много запросов сразу" in words(told[0])
    assert len(server.begun) == MAX_MEMBER_REQUESTS


def finishes(future):
    try:
        future.result(0.2)
    except TimeoutError:
        return False
    return True


@pytest.mark.slow
def test_a_program_is_told_so_in_json(server):
    answers = [server.ask("/api/v1/wallets/balance?held") for _time in range(30)]
    told = next(each.result(SECONDS) for each in answers if finishes(each))

    assert told.status_code == 429
    assert told["Content-Type"] == "application/json"
    assert "reason" in told.content.decode()


# What is costly


def test_a_year_waits_for_the_one_before_it(server):
    server.hold(1, member("alice", 1), f"{YEAR}&held")

    with pytest.raises(TimeoutError):
        server.ask(YEAR, member("charlie", 2)).result(0.2)


def test_a_costly_search_waits_for_the_one_before_it(server):
    server.hold(1, member("alice", 1), f"{LIST}?counterparty=abc&held")

    with pytest.raises(TimeoutError):
        server.ask(f"{LIST}?label=x", member("charlie", 2)).result(0.2)


def test_a_page_does_not_wait_for_what_is_costly(server):
    server.hold(4, member("alice", 1), f"{YEAR}&held")

    assert server.ask(session=member("alice", 1)).result(SECONDS).status_code == 200
    assert server.ask(session=member("bob", 1)).result(SECONDS).status_code == 200


def test_of_a_member_one_costly_request_stands_in_line(server):
    for _time in range(5):
        server.ask(f"{YEAR}&held", member("alice", 1))
    server.hold(1, member("bob", 1), f"{YEAR}&held")

    assert len(limiter.lines["costly", "dashboard:dashboard"]) <= 1


@pytest.mark.parametrize(
    ("address", "view"),
    [
        (YEAR, "dashboard:dashboard"),
        (YEAR.replace("/", "/chart.json", 1), "dashboard:chart"),
        (f"{LIST}?counterparty=abc", "transactions:list"),
        (f"{LIST}?label=user-1&currency=EUR&date_from=", "transactions:list"),
        (f"{LIST}?order_number=1", "transactions:list"),
        (f"{LIST}?transaction_id=abc*", "transactions:list"),
        (f"{LIST}?hour_from=3", "transactions:list"),
        (f"{LIST}?amount_to=9", "transactions:list"),
        (f"{LIST}?sort=-amount", "transactions:list"),
        (f"{LIST}?sort=date", ""),
        (f"{LIST}?transaction_id=432112345678", ""),
        (f"{LIST}?date_from=&date_to=&label=", ""),
        ("/", ""),
        ("/no/such/page/", ""),
        ("/search/?q=Rahim", "search:search"),
        ("/search/?q=4750", "search:search"),
        ("/search/?q=633412345678", ""),
        ("/search/?q=UTR+6334-1234-5678", ""),
        ("/search/?q=status:pending", ""),
        ("/search/", ""),
    ],
)
def test_what_no_kept_total_serves_is_costly(address, view):
    assert costly_view(request(address)) == view


# Who it is


@pytest.mark.django_db
def test_whose_session_it_is_is_known_from_the_first_answer_on(client, alice):
    sign_in(client, "alice")
    client.get("/")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert turn_holder(request(session=session)) == Holder("user", alice.pk, alice.client.pk)


@pytest.mark.django_db
def test_a_session_that_is_over_is_anybodys(client, alice):
    client.force_login(alice)
    client.get("/")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.session.flush()

    client.get("/")

    assert turn_holder(request(session=session)).kind == "address"


@pytest.mark.parametrize("shown", ["None", "", "0", "[]"])
def test_what_was_never_shown_is_a_visitors(shown):
    member("alice", 1)

    assert turn_holder(request(session=shown)) == Holder("address", "127.0.0.1")


# A stream


def test_a_stream_keeps_its_turn_until_its_end():
    answer = RequestQueueMiddleware(lambda _request: StreamingHttpResponse([b"a", b"b"]))
    response = answer(request(session=member("alice", 1)))

    assert limiter.inside[Holder("user", "alice", 1)] == 1

    response.close()


def test_a_failure_gives_its_turn_away():
    def fail(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        RequestQueueMiddleware(fail)(request(YEAR))


def test_patience_with_what_is_costly_ends(server, monkeypatch):
    monkeypatch.setattr(mechanism, "PATIENCE_SECONDS", 0.1)
    server.hold(1, member("alice", 1), f"{YEAR}&held")

    assert server.ask(YEAR, member("charlie", 2)).result(SECONDS).status_code == 429


def test_who_waits_has_asked_the_database_nothing():
    order = settings.MIDDLEWARE
    session = "django.contrib.sessions.middleware.SessionMiddleware"

    assert order.index("accounts.turns.RequestQueueMiddleware") < order.index(session)


def test_probes_wait_for_nobody():
    order = settings.MIDDLEWARE
    health = "paykassma_admin.middleware.health.HealthMiddleware"

    assert order.index(health) < order.index("accounts.turns.RequestQueueMiddleware")
