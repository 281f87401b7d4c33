"""The rates of a file that are refused: too far off the one that will stand for the nearest day."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from wallets.rates import Quote, is_jump


class GivenRate(NamedTuple):
    """A rate that is not stored yet, with the nearest one that is."""

    line: int
    currency: str
    day: date
    usd_rate: Decimal
    source: str
    stored_day: date | None
    stored_rate: Decimal | None

    @property
    def stored_quote(self) -> Quote | None:
        if self.stored_day is None or self.stored_rate is None:
            return None
        return Quote(self.stored_day, self.stored_rate)


type Jump = tuple[GivenRate, Quote]


def judge_rates(given: Sequence[GivenRate]) -> list[Jump]:
    """Return the jumps of rates in the order of currency, day and line.

    Judge them until no more are taken, so that the file, when it comes again, is judged the same.
    """
    doubted = {rate.line for rate in given}
    first: dict[str, Quote] = {}
    while True:
        jumps, first = find_jumps(given, doubted, first)
        if len(jumps) == len(doubted):
            return jumps
        doubted = {rate.line for rate, _near in jumps}


def find_jumps(
    given: Sequence[GivenRate], doubted: Collection[int], first: dict[str, Quote]
) -> tuple[list[Jump], dict[str, Quote]]:
    """Return the jumps among the doubted, and the first rate taken of each currency."""
    jumps: list[Jump] = []
    taken: dict[str, list[Quote]] = {}
    for (currency, day), of_day in groupby(given, key=lambda rate: (rate.currency, rate.day)):
        rates = list(of_day)
        last = taken.get(currency, [None])[-1]
        near = nearest_quote(day, [last, first.get(currency), rates[0].stored_quote])
        far = [rate for rate in rates if rate.line in doubted and is_jump(rate.usd_rate, near)]
        jumps += [(rate, near) for rate in far if near]
        if len(far) < len(rates):
            newest = newest_rate([rate for rate in rates if rate not in far])
            taken.setdefault(currency, []).append(Quote(day, newest))
    return jumps, {currency: quotes[0] for currency, quotes in taken.items()}


def nearest_quote(day: date, quotes: Sequence[Quote | None]) -> Quote | None:
    """Return the last before the day, or else the first after it; of one day the first given."""
    known = [quote for quote in quotes if quote]
    before = [quote for quote in known if quote.day < day]
    if before:
        return max(before, key=lambda quote: quote.day)
    after = [quote for quote in known if quote.day > day]
    return min(after, key=lambda quote: quote.day, default=None)


def newest_rate(rates: Sequence[GivenRate]) -> Decimal:
    """Return the rate that will count: one that stood before is stale, and is not recorded."""
    recorded = dict.fromkeys((rate.usd_rate, rate.source) for rate in rates)
    return list(recorded)[-1][0]
