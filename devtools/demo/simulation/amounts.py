from dataclasses import dataclass
from decimal import Decimal
from random import Random

from paykassma_admin.values import money


@dataclass(frozen=True)
class Habit:
    step: int  # of amounts that are round
    usual: tuple[int, ...]  # most of them often
    largest: int  # that a payment system lets pass


HABITS = {
    "INR": Habit(50, (500, 500, 1000, 1000, 300, 499, 999, 1500, 1999, 2000, 3000, 5000), 100_000),
    "BDT": Habit(50, (500, 500, 1000, 1000, 510, 1020, 1500, 1999, 2000, 2040, 3000, 5000), 50_000),
    "PKR": Habit(100, (1000, 2000, 2000, 1500, 1999, 3000, 4999, 5000, 10_000), 200_000),
    "MMK": Habit(1000, (10_000, 20_000, 20_000, 30_000, 49_900, 50_000, 100_000), 1_000_000),
    "UGX": Habit(1000, (20_000, 20_000, 35_000, 50_000, 50_000, 75_000, 100_000), 4_000_000),
}


def favourite(currency: str, random: Random) -> Decimal:
    return Decimal(random.choice(HABITS[currency].usual))


def amount_of_payment(liked: tuple[Decimal, ...], currency: str, random: Random) -> Decimal:
    habit = random.random()
    if habit < 0.55:
        return random.choice(liked)
    if habit < 0.70:
        return favourite(currency, random)
    drawn = favourite(currency, random) * random.randint(4_000, 26_000) / 10_000
    if habit < 0.85:
        return round_to_step(drawn, currency)
    if habit < 0.997:
        return money.quantize(drawn, currency)
    return round_to_step(
        Decimal(HABITS[currency].largest * random.randint(40, 100)) / 100, currency
    )


def payout(liked: tuple[Decimal, ...], currency: str, random: Random) -> Decimal:
    drawn = sum(random.choices(liked, k=random.randint(1, 4)))
    return round_to_step(drawn * Decimal(random.randint(70, 140)) / 100, currency)


def round_to_step(amount: Decimal, currency: str) -> Decimal:
    step = HABITS[currency].step
    return Decimal(max(step, int(amount) // step * step))
