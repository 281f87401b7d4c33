"""The result of a goal: lines of a table, each judged by its limit or told for comparison."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    number: float
    is_floor: bool = False  # at least, not at most
    unit: str = "×"

    def __str__(self) -> str:
        return f"{'≥' if self.is_floor else '≤'} {self.number:g}{self.unit}"

    def allows(self, ratio: float) -> bool:
        return ratio >= self.number if self.is_floor else ratio <= self.number


def at_most(number: float, unit: str = "×") -> Limit:
    return Limit(number, unit=unit)


def at_least(number: float, unit: str = "×") -> Limit:
    return Limit(number, is_floor=True, unit=unit)


@dataclass(frozen=True)
class Measured:
    """`ratio` in the unit of `limit`; without a limit it is told and not judged."""

    what: str
    figure: str
    ratio: float | None = None
    limit: Limit | None = None
    interval: tuple[float, float] | None = None  # that holds the true ratio 19 times of 20

    @property
    def is_met(self) -> bool:
        return self.limit is None or (self.ratio is not None and self.limit.allows(self.ratio))

    @property
    def is_undecided(self) -> bool:
        """Return whether one end of the interval meets the limit, and the other does not."""
        if self.limit is None or self.interval is None:
            return False
        low, high = self.interval
        return self.limit.allows(low) != self.limit.allows(high)

    @property
    def outcome(self) -> str:
        if self.limit is None:
            return "told"
        if self.is_undecided:
            return "undecided"
        return "met" if self.is_met else "NOT MET"


class NotMeasurable(Exception):
    """Its text says what is missing; the goal counts as not met."""
