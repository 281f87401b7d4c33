"""Sums as they were at a trial, and as they would be after the import."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from transactions.imports.effect import AMOUNT, COUNT, Sums
from transactions.models import Direction


@dataclass(frozen=True)
class ChangedSum:
    currency: str
    direction: str
    count: int
    amount: Decimal
    count_after: int
    amount_after: Decimal

    @property
    def direction_in_words(self) -> str:
        return str(Direction(self.direction).label)


class SumsOfTrial:
    def __init__(self, before: Sums) -> None:
        self.before, self.effect = before, Counter[tuple[str, ...]]()

    def add(self, effect: Sums) -> list[list[str]]:
        """Return the rows of all flows that change so far, as texts: JSON would cut amounts."""
        self.effect.update(effect)
        flows = sorted({flow for *flow_of, _measure in self.effect if (flow := tuple(flow_of))})
        return [[*flow, *map(str, self.numbers(flow))] for flow in flows if self.changes(flow)]

    def changes(self, flow: tuple[str, ...]) -> bool:
        return any(self.effect[*flow, measure] for measure in (COUNT, AMOUNT))

    def numbers(self, flow: tuple[str, ...]) -> Iterator[Any]:
        for effect in (Counter[tuple[str, ...]](), self.effect):
            for measure in (COUNT, AMOUNT):
                yield self.before[*flow, measure] + effect[*flow, measure]


def changed_sums(rows: Iterable[list[str]]) -> list[ChangedSum]:
    return [
        ChangedSum(
            currency, direction, int(count), Decimal(amount), int(count_after), Decimal(after)
        )
        for currency, direction, count, amount, count_after, after in rows
    ]
