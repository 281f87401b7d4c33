"""Offset changes of time zones from the locked package tzdata, for the database's table.

The settings let zoneinfo read that package alone, so that Python's days come from it, too.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib import resources
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

# Every moment whose day is in 2000–2099 somewhere, and most of a year on either side.
FIRST, LAST = datetime(1999, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
STEP = timedelta(days=14)  # shorter than any summer time that comes by rule
SECOND = timedelta(seconds=1)
TZIF_HEADER = struct.Struct(">20x6l")  # RFC 9636


class Change(NamedTuple):
    """Offsets from UTC since a moment: of the clock, and of days, which do not end twice.

    They differ where a clock goes back over midnight, until it is there again.
    """

    since: datetime
    utc_offset: timedelta
    day_offset: timedelta


def zone_changes(name: str) -> tuple[Change, ...]:
    """Return a zone's changes. Raise FileNotFoundError where tzdata has no such zone."""
    return read_changes((resources.files("tzdata") / "zoneinfo").joinpath(name).read_bytes())


@cache  # a good third of all names are other names of a zone
def read_changes(tzif: bytes) -> tuple[Change, ...]:
    zone = ZoneInfo.from_file(BytesIO(tzif))
    offsets = [(moment, offset(zone, moment)) for moment in (FIRST, *clock_changes(tzif, zone))]
    found = [Change(FIRST, offsets[0][1], offsets[0][1])]
    for (_moment, before), (since, after) in pairwise(offsets):
        if before != after:
            found += day_changes(since, before, after)
    return tuple(found)


def day_changes(since: datetime, before: timedelta, after: timedelta) -> Iterator[Change]:
    begun = (since + before - datetime.resolution).date()
    if (since + after).date() >= begun:
        yield Change(since, after, after)
    else:
        yield Change(since, after, before)
        yield Change(datetime.combine(begun, time(), UTC) - after, after, after)


def clock_changes(tzif: bytes, zone: ZoneInfo) -> Iterator[datetime]:
    listed, rule = read(tzif)
    yield from (moment for moment in listed if FIRST < moment < LAST)
    if "," not in rule:
        return
    after = max([FIRST, *listed])
    known = offset(zone, after)
    while after < LAST:
        later = offset(zone, after + STEP)
        if later != known:
            yield change_between(zone, after, after + STEP)
        after, known = after + STEP, later


def change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    unchanged = offset(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        before, after = (middle, after) if offset(zone, middle) == unchanged else (before, middle)
    return after


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def read(tzif: bytes) -> tuple[list[datetime], str]:
    """Return the moments that the second, 64-bit block of a TZif file lists, and its rule."""
    begin = TZIF_HEADER.size + block_size(tzif, 0, width=4)
    times = TZIF_HEADER.unpack_from(tzif, begin)[3]
    end = begin + TZIF_HEADER.size + block_size(tzif, begin, width=8)
    seconds = struct.unpack_from(f">{times}q", tzif, begin + TZIF_HEADER.size)
    known = (s for s in seconds if FIRST.timestamp() <= s <= LAST.timestamp())
    return [datetime.fromtimestamp(s, UTC) for s in known], tzif[end:].decode().strip()


def block_size(tzif: bytes, begin: int, *, width: int) -> int:
    counts: tuple[int, ...] = TZIF_HEADER.unpack_from(tzif, begin)
    in_utc, standard, leaps, times, types, letters = counts
    return times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + in_utc
