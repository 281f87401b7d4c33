"""Fields of a query whose values have an order: `amount:>5000`, `hour:9..12`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from paykassma_admin import formats
from paykassma_admin.lists import fields as form_fields
from paykassma_admin.lists.query.choices import ChoiceWords
from paykassma_admin.lists.query.fields import Comparisons, Field, Parameters
from paykassma_admin.lists.query.grammar import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EQUAL,
    RANGE,
    Comparison,
    Term,
)
from paykassma_admin.lists.query.mistakes import BadValue, no_value
from paykassma_admin.values.money import plain

LOOKUPS = {EQUAL: "exact", AT_LEAST: "gte", AT_MOST: "lte", ABOVE: "gt", BELOW: "lt"}


@dataclass(frozen=True, kw_only=True)
class RangeField(Field):
    column: str
    bounds: tuple[str, str] | None = None  # parameters, both included

    def read(self, comparison: Comparison, choices: ChoiceWords) -> Comparison:
        if comparison.operator not in (*LOOKUPS, RANGE):
            raise BadValue(_("Write a range as %(field)s:1..2.") % {"field": self.shown_name})
        value = self.clean(comparison.value)
        if comparison.operator != RANGE:
            return self.canonical(Comparison(comparison.operator, self.write(value)))
        end = self.clean(comparison.end)
        self.check_order(value, end)
        return self.canonical(Comparison(RANGE, self.write(value), self.write(end)))

    def clean(self, text: str) -> Any:
        if not text:
            raise BadValue(no_value(self.shown_name))
        try:
            return self.parse(text)
        except ValidationError as error:
            raise BadValue(f"{self.shown_name}: {' '.join(error.messages)}") from None

    def check_order(self, first: Any, last: Any) -> None:
        if first > last:
            words = {"field": self.shown_name}
            raise BadValue(_("The range of “%(field)s” ends before it begins. Swap them.") % words)

    def parse(self, text: str) -> Any:
        """Return the value. Raise ValidationError."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        return str(value)

    def canonical(self, comparison: Comparison) -> Comparison:
        return comparison

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        names = self.bounds
        if not names or len(comparisons) > 1 or comparisons[0].operator in (ABOVE, BELOW):
            return None
        ends = zip(names, inclusive_bounds(comparisons[0]), strict=True)
        return {name: [bound] for name, bound in ends if bound}

    def comparisons(self, data: QueryDict, choices: ChoiceWords) -> Iterator[Comparisons]:
        first, last = (data.get(name, "") for name in self.bounds or ("", ""))
        if first or last:
            yield (between(first, last),)

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        first, last = (each and self.parse(each) for each in (comparison.value, comparison.end))
        if comparison.operator == RANGE:
            return Q(**{f"{self.column}__gte": first, f"{self.column}__lte": last})
        return Q(**{f"{self.column}__{LOOKUPS[comparison.operator]}": first})

    def words(self, comparison: Comparison, choices: ChoiceWords) -> str:
        value, end = (each and self.show(each) for each in (comparison.value, comparison.end))
        if comparison.operator == RANGE:
            return f"{value}–{end}"
        return f"{SIGNS.get(comparison.operator, '')}{value}"

    def show(self, value: str) -> str:
        return value


PLACES = re.compile("[0-9]{1,3}")  # after a comma
SIGNS = {ABOVE: "> ", BELOW: "< ", AT_LEAST: "≥ ", AT_MOST: "≤ "}


def inclusive_bounds(comparison: Comparison) -> tuple[str, str]:
    return {
        EQUAL: (comparison.value, comparison.value),
        RANGE: (comparison.value, comparison.end),
        AT_LEAST: (comparison.value, ""),
        AT_MOST: ("", comparison.value),
        ABOVE: (comparison.value, ""),
        BELOW: ("", comparison.value),
    }[comparison.operator]


def between(first: str, last: str) -> Comparison:
    if first and last:
        return Comparison(EQUAL, first) if first == last else Comparison(RANGE, first, last)
    return Comparison(AT_LEAST, first) if first else Comparison(AT_MOST, last)


@dataclass(frozen=True, kw_only=True)
class AmountField(RangeField):
    def check_together(self, comparisons: Comparisons) -> None:
        for one, other in pairwise(comparisons):
            before = one.end or one.value
            if may_be_one_amount(before, other) and not (one.is_quoted or other.is_quoted):
                raise BadValue(one_or_two(before, other.value))

    def rewrite(self, term: Term) -> Term:
        """Print several amounts in quotes: without them a comma may be a decimal one."""
        if len(term.comparisons) == 1:
            return term
        quoted = tuple(replace(each, is_quoted=True) for each in term.comparisons)
        return replace(term, comparisons=quoted)

    def parse(self, text: str) -> Decimal:
        amount: Decimal = form_fields.AmountField().clean(text)
        return amount

    def write(self, value: Decimal) -> str:
        return plain(value)

    def show(self, value: str) -> str:
        return formats.plain_amount(Decimal(value))


def may_be_one_amount(before: str, other: Comparison) -> bool:
    """Return whether a comma between them may be that of 77,50 or of 1,250."""
    is_bare = other.operator in (EQUAL, RANGE) and PLACES.fullmatch(other.value)
    return bool(is_bare) and before.isdecimal()


def one_or_two(before: str, after: str) -> str:
    words = {"text": f"{before},{after}", "before": before, "after": after}
    return (
        _(
            "“%(text)s” may be one amount or two. Write one without a comma, as 4750.50, and two in"
            ' quotes: "%(before)s","%(after)s".'
        )
        % words
    )


@dataclass(frozen=True, kw_only=True)
class WholeNumberField(RangeField):
    """A whole number from 0 on, to a last one."""

    last: int
    sentence: Any  # said of another

    def parse(self, text: str) -> int:
        is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(self.last))
        if not is_whole or int(text) > self.last:
            raise ValidationError(self.sentence)
        return int(text)

    def canonical(self, comparison: Comparison) -> Comparison:
        """Say “above 9” as “10 and more”, which has a parameter."""
        step = {ABOVE: 1, BELOW: -1}.get(comparison.operator)
        if not step:
            return comparison
        number = int(comparison.value) + step
        if not 0 <= number <= self.last:
            raise BadValue(f"{self.shown_name}: {self.sentence}")
        return Comparison(AT_LEAST if step > 0 else AT_MOST, str(number))
