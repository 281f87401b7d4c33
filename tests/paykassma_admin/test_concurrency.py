import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest

from paykassma_admin import concurrency as module
from paykassma_admin.concurrency import (
    MAX_WAITING,
    MAX_WAITING_PER_HOLDER,
    ConcurrencyLimiter,
    LimitReached,
)

SECONDS = 10


@pytest.fixture
def turns():
    return ConcurrencyLimiter()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(40) as pool:
        yield pool


@pytest.fixture
def may_end():
    event = Event()
    yield event
    event.set()


def take(turns, holder, may_end, order=None):
    with turns.turn(holder, at_once=1):
        if order is not None:
            order.append(holder)
        assert may_end.wait(SECONDS)


def wait_until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def waiting(turns):
    return sum(map(len, turns.lines.values()))


def test_no_more_than_those_are_inside(turns, pool, may_end):
    asked = [pool.submit(take, turns, "one", may_end) for _time in range(3)]
    wait_until(lambda: waiting(turns) == 2)

    assert turns.inside["one"] == 1

    may_end.set()
    for each in asked:
        each.result(SECONDS)
    assert not turns.inside and not turns.lines


def test_who_came_first_is_first(turns, pool, may_end):
    order = []
    first = pool.submit(take, turns, "one", may_end)
    wait_until(lambda: turns.inside["one"])

    def come(number):
        with turns.turn("one", at_once=1):
            order.append(number)

    come_in = []
    for number in range(5):
        come_in.append(pool.submit(come, number))
        wait_until(lambda number=number: waiting(turns) == number + 1)
    may_end.set()
    for each in [first, *come_in]:
        each.result(SECONDS)

    assert order == sorted(order)


def test_others_do_not_wait_for_a_flood(turns, pool, may_end):
    for _time in range(MAX_WAITING + 1):
        pool.submit(take, turns, "flood", may_end)
    wait_until(lambda: waiting(turns) == MAX_WAITING)

    with pytest.raises(LimitReached), turns.turn("flood", at_once=1):
        pass
    with turns.turn("another", at_once=1):
        pass


def test_while_many_wait_each_may_have_a_few_more(turns, pool, may_end):
    for _time in range(MAX_WAITING + 1):
        pool.submit(take, turns, "flood", may_end)
    wait_until(lambda: waiting(turns) == MAX_WAITING)

    for _time in range(MAX_WAITING_PER_HOLDER + 1):
        pool.submit(take, turns, "another", may_end)
    wait_until(lambda: waiting(turns) == MAX_WAITING + MAX_WAITING_PER_HOLDER)

    with pytest.raises(LimitReached), turns.turn("another", at_once=1):
        pass


def test_patience_ends(turns, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
    with turns.turn("one", at_once=1):
        with pytest.raises(LimitReached), turns.turn("one", at_once=1):
            pass

        assert not turns.lines

    with turns.turn("one", at_once=1):
        pass


def test_a_failure_gives_the_turn_away(turns):
    for _time in range(2):
        with pytest.raises(ZeroDivisionError), turns.turn("one", at_once=1):
            raise ZeroDivisionError


def test_who_would_not_wait_is_refused(turns):
    with ExitStack() as taken:
        taken.enter_context(turns.turn("one", at_once=1, wait=False))

        with pytest.raises(LimitReached), turns.turn("one", at_once=1, wait=False):
            pass
