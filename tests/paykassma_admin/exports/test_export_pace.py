import pytest

from paykassma_admin.exports import csv
from paykassma_admin.exports.csv import CHUNK_BYTES, Demand, drop_slow_reader

CHUNK = b"x" * CHUNK_BYTES


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(csv, "monotonic", clock)
    monkeypatch.setattr(csv, "demand", Demand())
    return clock


def read(clock, *, rate, seconds, slow_database=0.0):
    def file():
        while clock.now < seconds:
            clock.now += slow_database
            yield CHUNK

    for _chunk in drop_slow_reader(file()):
        clock.now += CHUNK_BYTES / rate
        if clock.now > 70:
            csv.demand.note()
    return clock.now


def test_a_slow_reader_is_dropped_when_others_wait(clock):
    with pytest.raises(ConnectionResetError):
        read(clock, rate=160_000, seconds=600)

    assert 70 < clock.now < 72


def test_a_slow_reader_to_whom_nobody_waits_goes_on(clock, monkeypatch):
    monkeypatch.setattr(Demand, "note", lambda self: None)

    assert read(clock, rate=160_000, seconds=600) >= 600


def test_a_quick_reader_goes_on(clock):
    assert read(clock, rate=300_000, seconds=600) >= 600


def test_a_slow_database_is_not_the_readers_fault(clock):
    assert read(clock, rate=300_000, seconds=600, slow_database=5) >= 600


def test_the_least_rate_is_a_setting(clock, settings):
    settings.EXPORT_LEAST_RATE = 100_000

    assert read(clock, rate=160_000, seconds=600) >= 600


def test_who_waited_long_ago_drops_nobody(clock):
    csv.demand.note()
    clock.now = csv.PACE_SECONDS + 1

    assert not csv.demand.is_recent()
