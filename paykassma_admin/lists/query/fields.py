"""Fields of a query: how their values are read, which rows meet them, which parameter says them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from paykassma_admin.lists.fields import query_values
from paykassma_admin.lists.query.choices import ChoiceWords, in_each_language, normalize
from paykassma_admin.lists.query.grammar import EQUAL, Comparison, Term
from paykassma_admin.lists.query.mistakes import BadValue, no_value, unknown_value

ENGLISH = "en"

type Text = str | Promise
type Parameters = dict[str, list[str]]
type Comparisons = tuple[Comparison, ...]


def shown_name(name: str, names: Text) -> str:
    """Return a name in the page's language: the first of its others, if that is not English."""
    if get_language() == ENGLISH or not names:
        return name
    return str(names).split()[0]


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str  # as it is printed
    names: Text = ""  # its other names, separated by spaces, in the page's language
    label: Text
    has_totals: bool = False  # totals are kept by its column
    opposite: str = ""  # a name for its negation: "no" of "has"
    opposites: Text = ""
    opposite_label: Text = ""

    is_of_days: ClassVar[bool] = False
    is_condition: ClassVar[bool] = True  # otherwise only a parameter can say it

    @cached_property
    def all_names(self) -> list[str]:
        return [self.name, *in_each_language(self.names)]

    @property
    def shown_name(self) -> str:
        return shown_name(self.name, self.names)

    @property
    def shown_names(self) -> list[str]:
        """Return it, and the name of its negation, in the page's language."""
        if not self.opposite:
            return [self.shown_name]
        is_english = get_language() == ENGLISH
        return [self.shown_name, self.opposite if is_english else str(self.opposites).split()[0]]

    @cached_property
    def opposite_names(self) -> list[str]:
        return [self.opposite, *in_each_language(self.opposites)] if self.opposite else []

    def check_together(self, comparisons: Comparisons) -> None:
        """Raise BadValue where their comma may have been meant as a part of one value."""

    def read_all(self, comparison: Comparison, choices: ChoiceWords) -> list[Comparison]:
        return [self.read(comparison, choices)]

    def read(self, comparison: Comparison, choices: ChoiceWords) -> Comparison:
        """Return it in canonical form. Raise BadValue."""
        if comparison.operator != EQUAL:
            raise BadValue(
                _(
                    "“%(field)s” is not compared and has no ranges. If the signs belong to the"
                    " value, put it in quotes."
                )
                % {"field": self.shown_name}
            )
        if not comparison.value:
            raise BadValue(no_value(self.shown_name))
        return Comparison(EQUAL, self.read_value(comparison.value, choices))

    def read_value(self, value: str, choices: ChoiceWords) -> str:
        raise NotImplementedError

    def rewrite(self, term: Term) -> Term:
        """Return the term that says the same by another field, if there is one."""
        return term

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        """Return the parameters that say the same; None where none do."""
        return None

    def comparisons(self, data: QueryDict, choices: ChoiceWords) -> Iterator[Comparisons]:
        """Yield what the parameters of an address say."""
        yield from ()

    def envelope(self, term: Term) -> Parameters:
        """Return parameters that leave out no row of a term, in place of a list's own."""
        return {}

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        raise NotImplementedError

    def condition(self, rows: Any, term: Term, zone: ZoneInfo) -> Q:
        found = reduce(or_, (self.where(rows, each, zone) for each in term.comparisons))
        return ~found if term.is_negated else found

    def words(self, comparison: Comparison, choices: ChoiceWords) -> str:
        return comparison.value

    def values(self, choices: ChoiceWords) -> list[tuple[str, str]]:
        """Return the values to complete, with their labels."""
        return []

    def value_names(self, choices: ChoiceWords) -> dict[str, str]:
        """Return the words of values in each language, each with its value."""
        return {}


@dataclass(frozen=True, kw_only=True)
class ValueField(Field):
    """A field whose values one filter of the list knows."""

    parameter: str
    column: str = ""
    is_multiple: bool = False  # the parameter may repeat

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        values = [each.value for each in comparisons]
        return {self.parameter: values} if self.is_multiple or len(values) == 1 else None

    def comparisons(self, data: QueryDict, choices: ChoiceWords) -> Iterator[Comparisons]:
        given = query_values(data, self.parameter) if self.is_multiple else self._only(data)
        if given:
            yield tuple(Comparison(EQUAL, each) for each in given)

    def _only(self, data: QueryDict) -> list[str]:
        return [value for value in data.getlist(self.parameter) if value]

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        return Q(**{self.column: comparison.value})


@dataclass(frozen=True, kw_only=True)
class ChoiceField(ValueField):
    negations: tuple[tuple[str, str], ...] = ()  # pairs that negate each other
    more_names: tuple[tuple[str, Text], ...] = ()  # of values, beside codes and labels

    def rewrite(self, term: Term) -> Term:
        [first, *others], opposite = term.comparisons, dict(self.negations)
        if not term.is_negated or others or first.value not in opposite:
            return term
        said = Comparison(EQUAL, opposite[first.value])
        return Term(term.field, (said,), position=term.position)

    def value_names(self, choices: ChoiceWords) -> dict[str, str]:
        own = {word: code for code, words in self.more_names for word in in_each_language(words)}
        return choices.words(self.parameter) | own

    def read_value(self, value: str, choices: ChoiceWords) -> str:
        found = self.value_names(choices).get(normalize(value))
        found = found or choices.find(self.parameter, value)
        if found is None:
            known = [word for word in self.value_names(choices) if word]
            shown = [normalize(label) for _code, label in self.values(choices)]
            raise BadValue(unknown_value(self.shown_name, value, known, shown))
        return found

    def words(self, comparison: Comparison, choices: ChoiceWords) -> str:
        return dict(self.values(choices)).get(comparison.value, comparison.value)

    def values(self, choices: ChoiceWords) -> list[tuple[str, str]]:
        return choices.codes(self.parameter)


@dataclass(frozen=True, kw_only=True)
class ParameterField(ChoiceField):
    """A choice that leaves out no row, or not by a column: only its parameter can say it."""

    is_condition: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class TextField(ValueField):
    """A text that the form's own field cleans."""

    form_field: Any = None  # where no filter has one
    is_prose: bool = False  # a word alone most likely means it
    match: Callable[[Any, str], Q] | None = None  # of rows and a text; else by its column

    def read_value(self, value: str, choices: ChoiceWords) -> str:
        field = self.form_field or choices.filters[self.parameter].field
        try:
            cleaned = str(field.clean(value))
        except ValidationError as error:
            raise BadValue(f"{self.shown_name}: {' '.join(error.messages)}") from None
        if not cleaned:
            raise BadValue(no_value(self.shown_name))
        return cleaned

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        if self.match:
            return self.match(rows, comparison.value)
        found: Q = rows.condition(self.column, comparison.value)
        return found

    def parameters(self, comparisons: Comparisons, choices: ChoiceWords) -> Parameters | None:
        return None if self.form_field else super().parameters(comparisons, choices)


@dataclass(frozen=True)
class Flag:
    name: str
    names: Text
    label: Text
    condition: Q
    same: tuple[str, str] | None = None  # another field and its value that say it, too

    @property
    def shown_name(self) -> str:
        return shown_name(self.name, self.names)


@dataclass(frozen=True, kw_only=True)
class FlagField(Field):
    """Conditions by name: `has:label`, `is:unclaimed`."""

    flags: tuple[Flag, ...]

    @cached_property
    def by_word(self) -> dict[str, Flag]:
        return {
            word.casefold(): flag
            for flag in self.flags
            for word in (flag.name, *in_each_language(flag.names))
        }

    def read_value(self, value: str, choices: ChoiceWords) -> str:
        if found := self.by_word.get(value.casefold()):
            return found.name
        shown = [flag.shown_name for flag in self.flags]
        raise BadValue(unknown_value(self.shown_name, value, self.by_word, shown))

    def value_names(self, choices: ChoiceWords) -> dict[str, str]:
        return {word: flag.name for word, flag in self.by_word.items()}

    def rewrite(self, term: Term) -> Term:
        said = [self.by_word[each.value].same for each in term.comparisons]
        names = {each[0] if each else "" for each in said}
        if len(names) > 1 or "" in names:
            return term
        values = tuple(Comparison(EQUAL, each[1]) for each in said if each)
        return Term(names.pop(), values, term.is_negated, term.position)

    def where(self, rows: Any, comparison: Comparison, zone: ZoneInfo) -> Q:
        return self.by_word[comparison.value].condition

    def words(self, comparison: Comparison, choices: ChoiceWords) -> str:
        return str(self.by_word[comparison.value].label)

    def values(self, choices: ChoiceWords) -> list[tuple[str, str]]:
        return [(flag.name, str(flag.label)) for flag in self.flags]
