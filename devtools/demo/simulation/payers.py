from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from uuid import UUID

from devtools.demo.simulation.amounts import favourite
from devtools.demo.simulation.market import Country, System
from devtools.demo.simulation.names import VISITORS, name_in
from devtools.demo.simulation.numbers import SIGN, account_in, fill_form


@dataclass(frozen=True)
class Site:
    label: Callable[[Random], str]
    order_number: Callable[[Random, int, datetime], str]


NICKS = ("boss", "champ", "dada", "guru", "king", "lion", "lucky", "raja", "rider", "star", "tiger")


def email(random: Random) -> str:
    return f"{random.choice(NICKS)}{random.randrange(10_000)}@example.com"


SITES = (
    Site(
        label=lambda random: str(random.randrange(1_000_000, 10_000_000)),
        order_number=lambda random, serial, at: str(71_400_000 + serial),
    ),
    Site(
        label=lambda random: str(UUID(int=random.getrandbits(128), version=4)),
        order_number=lambda random, serial, at: f"ord_{fill_form(SIGN * 12, random).lower()}",
    ),
    Site(
        label=email,
        order_number=lambda random, serial, at: f"INV-{at:%y%m%d}-{serial % 10_000:04}",
    ),
)
USED_MOST = (6, 2, 3)


@dataclass(frozen=True)
class Payer:
    site: Site
    label: str
    counterparty: str
    amounts: tuple[Decimal, ...]  # that he likes to pay


TRADERS = ("Shree Balaji Traders", "Krishna Distributors", "Annapurna Stores")
LARGE_PAYS_BY, SHARE_OF_LARGE = "upi_l", 0.08
LARGE_AMOUNTS = tuple(map(Decimal, (9_999, 15_000, 20_000, 25_000)))
TESTER = Payer(
    Site(lambda random: "test", lambda random, serial, at: f"TEST-{serial}"),
    "test",
    "TEST",
    tuple(map(Decimal, (1, 10, 100))),
)

NEW_ONES = 0.2  # of the payments
REPORTED_BY_NUMBER = {"IN": 0.2, "BD": 0.5, "PK": 0.4, "MM": 0.3, "UG": 0.5}


class Payers:
    """Payers of one Client. They come one by one; who came early has paid often, and one much."""

    def __init__(self, random: Random, *, visitors: float) -> None:
        self.random = random
        self.visitors = visitors  # share of those who come from Russia
        self.large = Payer(SITES[0], SITES[0].label(random), random.choice(TRADERS), LARGE_AMOUNTS)
        self.known: dict[Country, list[Payer]] = defaultdict(list)

    def next(self, system: System) -> Payer:
        if system.code == LARGE_PAYS_BY and self.random.random() < SHARE_OF_LARGE:
            return self.large
        known = self.known[system.country]
        if not known or self.random.random() < NEW_ONES:
            known.append(self.newcomer(system.country))
            return known[-1]
        return self.random.choice(known)

    def newcomer(self, country: Country) -> Payer:
        [site] = self.random.choices(SITES, USED_MOST)
        liked = (favourite(country.currency, self.random) for _ in range(2))
        return Payer(site, site.label(self.random), self.counterparty(country), tuple(liked))

    def counterparty(self, country: Country) -> str:
        if self.random.random() < self.visitors:
            return self.random.choice(VISITORS).name(self.random)
        if self.random.random() < REPORTED_BY_NUMBER[country.code]:
            return account_in(country, self.random)
        return name_in(country.code, self.random)
