"""A query and the parameters of a list's address: two faces of the same conditions."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from paykassma_admin.lists.fields import query_values
from paykassma_admin.lists.query.choices import ChoiceWords
from paykassma_admin.lists.query.fields import Field, Parameters, Text, TextField
from paykassma_admin.lists.query.grammar import (
    EQUAL,
    Comparison,
    Flaw,
    Term,
    Word,
    print_term,
    quote,
    scan,
)
from paykassma_admin.lists.query.mistakes import BadValue, Mistake, no_value, unknown_field

PARAMETER = "q"
MAX_LENGTH = 2000
MAX_VALUES = 100


@dataclass(frozen=True)
class Reading:
    terms: tuple[Term, ...]
    words: tuple[Word, ...]  # texts without a field
    mistakes: tuple[Mistake, ...]


class QueryFields:
    """The fields of one list, by their names in each language."""

    def __init__(self, *fields: Field, example: Text) -> None:
        self.fields = fields
        self.example = example  # a query of this list
        self.by_name = {field.name: field for field in fields}
        self.places = {field.name: place for place, field in enumerate(fields)}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def find(self, name: str) -> tuple[Field | None, bool]:
        """Return the field of a name, and whether the name is of its negation."""
        for field in self.fields:
            if name in field.all_names:
                return field, False
            if name in field.opposite_names:
                return field, True
        return None, False

    def shown_names(self) -> list[str]:
        return [name for field in self.fields for name in field.shown_names]

    def names_to_show(self) -> dict[str, str]:
        """Return each name with the one that documents have, in the page's language."""
        return {
            name: field.shown_names[-1 if name in field.opposite_names else 0]
            for field in self.fields
            for name in (*field.all_names, *field.opposite_names)
        }

    def read(self, text: str, choices: ChoiceWords) -> Reading:
        terms, words, mistakes = [], [], []
        if len(text) > MAX_LENGTH:
            return Reading((), (), (too_long(),))
        for found in scan(text):
            if isinstance(found, Word):
                words.append(found)
            elif isinstance(found, Flaw):
                mistakes.append(Mistake(flaw_sentence(found), found.position))
            else:
                try:
                    terms.append(self.resolve(found, choices))
                except BadValue as error:
                    mistakes.append(Mistake(str(error), found.position))
        if sum(len(term.comparisons) for term in terms) > MAX_VALUES:
            mistakes.append(too_long())
        return Reading(tuple(terms), tuple(words), tuple(mistakes))

    def resolve(self, term: Term, choices: ChoiceWords) -> Term:
        """Return a term in canonical form. Raise BadValue."""
        field, is_opposite = self.find(term.field)
        if not field:
            raise BadValue(unknown_field(term.field, self.names_to_show(), self.shown_names()))
        field.check_together(term.comparisons)
        values = [each for given in term.comparisons for each in field.read_all(given, choices)]
        comparisons = tuple(dict.fromkeys(values))
        is_negated = term.is_negated != is_opposite
        found = field.rewrite(Term(field.name, comparisons, is_negated, term.position))
        if found.is_negated and not self.by_name[found.field].is_condition:
            raise BadValue(_("“%(field)s” cannot be negated.") % {"field": field.shown_name})
        return found

    def arrange(
        self, text: str, data: QueryDict, choices: ChoiceWords
    ) -> tuple[str, list[Mistake]]:
        """Move what the parameters of `data` can say into them; return the rest, canonical."""
        reading = self.read(text, choices)
        words = [Mistake(self.word_sentence(w.text, choices), w.position) for w in reading.words]
        mistakes = [*reading.mistakes, *words, *repeated_fields(self, reading.terms)]
        if mistakes:
            return text, mistakes
        rest = [term for term in reading.terms if not self.move(term, data, choices)]
        for term in sorted(rest, key=lambda term: term.is_negated):  # named days before others
            if not self.by_name[term.field].is_condition:
                mistakes.append(
                    Mistake(twice_sentence(self.by_name[term.field].shown_name), term.position)
                )
            set_missing(data, self.by_name[term.field].envelope(term))
        return self.print_terms(rest), mistakes

    def move(self, term: Term, data: QueryDict, choices: ChoiceWords) -> bool:
        field = self.by_name[term.field]
        own = field.parameters(term.comparisons, choices)
        if own == {} and data.get(getattr(field, "parameter", "")):
            return False  # it says what a list does by itself, and the address something else
        if term.is_negated or own is None or not has_room(data, own):
            return False
        for name, values in own.items():
            if any(values):
                data.setlist(name, values)
        set_missing(data, own)
        return True

    def word_sentence(self, word: str, choices: ChoiceWords) -> str:
        """Return what is wrong with a word without a field, with advice that this list accepts."""
        minus, name = ("-", word[1:]) if word[:1] in "-−–" else ("", word)
        field, _is_opposite = self.find(name.lower())
        if field:
            return no_value(f"{minus}{name}")
        sentence = _("“%(word)s” stands without a field.") % {"word": word}
        if term := next(self.readings(minus, name.lstrip(":-−–"), choices), ""):
            sentence += " " + _("Write it as in %(term)s.") % {"term": term}
        return sentence

    def readings(self, minus: str, value: str, choices: ChoiceWords) -> Iterator[str]:
        """Yield terms of fields for a text that accept this one, those of names first."""
        fields = [field for field in self.fields if isinstance(field, TextField)]
        for field in sorted(fields, key=lambda field: not field.is_prose):
            with suppress(BadValue):
                field.read(Comparison(EQUAL, value), choices)
                yield f"{minus}{field.shown_name}:{quote(value)}"

    def print_terms(self, terms: Iterable[Term]) -> str:
        """Print them in their one canonical order, each value once."""
        ordered = {
            replace(term, comparisons=tuple(sorted(term.comparisons)), position=0) for term in terms
        }
        return " ".join(map(self.print_term, sorted(ordered, key=self.place)))

    def join(self, *texts: str) -> str:
        """Return one canonical text that says all that these canonical texts say."""
        return self.print_terms(chain.from_iterable(map(self.terms, texts)))

    def place(self, term: Term) -> tuple[Any, ...]:
        return self.places[term.field], term.is_negated, term.comparisons

    def print_term(self, term: Term) -> str:
        opposite = self.by_name[term.field].opposite
        if opposite and term.is_negated:
            return print_term(replace(term, field=opposite, is_negated=False))
        return print_term(term)

    def print_without(self, text: str, parameters: Collection[str], replacement: str) -> str:
        """Print a canonical text without the values of fields that are said by these parameters."""
        omitted = (Comparison(EQUAL, replacement),)
        return " ".join(
            self.print_term(
                replace(term, comparisons=omitted)
                if getattr(self.by_name[term.field], "parameter", "") in parameters
                else term
            )
            for term in self.terms(text)
        )

    def print_without_days(self, text: str) -> str:
        return self.print_terms(
            term for term in self.terms(text) if not self.by_name[term.field].is_of_days
        )

    def print(self, data: QueryDict, choices: ChoiceWords) -> str:
        """Print all that an address says: its parameters, then the rest that is in `q`."""
        terms = [
            self.print_term(Term(field.name, comparisons))
            for field in self.fields
            for comparisons in field.comparisons(data, choices)
        ]
        return " ".join([*terms, *filter(None, [data.get(PARAMETER)])])

    def terms(self, text: str) -> list[Term]:
        """Return the terms of a canonical text."""
        return [self.canonical_term(term) for term in scan(text) if isinstance(term, Term)]

    def canonical_term(self, term: Term) -> Term:
        field, is_opposite = self.find(term.field)
        if not field:
            raise LookupError(term.field)
        return replace(term, field=field.name, is_negated=term.is_negated != is_opposite)

    def conditions(self, rows: Any, text: str, zone: ZoneInfo) -> list[Q]:
        terms = self.terms(text)
        return [self.by_name[term.field].condition(rows, term, zone) for term in terms]

    def words(self, text: str, choices: ChoiceWords) -> Iterator[tuple[str, str, str]]:
        """Yield label and value of each term of a canonical text, and the text without it."""
        terms = self.terms(text)
        for term in terms:
            others = self.print_terms(each for each in terms if each != term)
            yield *self.term_words(term, choices), others

    def term_words(self, term: Term, choices: ChoiceWords) -> tuple[str, str]:
        field = self.by_name[term.field]
        values = ", ".join(field.words(each, choices) for each in term.comparisons)
        if term.is_negated and field.opposite_label:
            is_one = len(term.comparisons) == 1
            return str(field.opposite_label) if is_one else _("None of"), values
        negated = _("not %(values)s") % {"values": values}
        return str(field.label), negated if term.is_negated else values

    def has_term(self, text: str, field: str) -> bool:
        return any(term.field == field for term in self.terms(text))

    def has_totals(self, text: str) -> bool:
        return all(self.by_name[term.field].has_totals for term in self.terms(text))


def set_missing(data: QueryDict, own: Parameters) -> None:
    for name, values in own.items():
        if name not in data:
            data.setlist(name, values)


def has_room(data: QueryDict, own: Parameters) -> bool:
    """Return whether parameters may be set and leave out no condition that stands there."""
    for name, values in own.items():
        given = [each for each in query_values(data, name) if each]
        if given and any(values) and given != values:
            return False
    return True


def repeated_fields(fields: QueryFields, terms: Iterable[Term]) -> Iterator[Mistake]:
    """Yield a mistake for each other value of a field that can be given once."""
    said: dict[str, Term] = {}
    for term in terms:
        field = fields.by_name[term.field]
        first = said.setdefault(term.field, term)
        if not field.is_condition and first.comparisons != term.comparisons:
            yield Mistake(twice_sentence(field.shown_name), term.position)


def flaw_sentence(flaw: Flaw) -> str:
    if flaw.text[0] in '"«“':
        return _("A quotation mark is not closed: %(text)s") % {"text": flaw.text}
    return _("This cannot be read: %(text)s") % {"text": flaw.text}


def twice_sentence(name: str) -> str:
    return _("“%(field)s” can be given once, and has another value here.") % {"field": name}


def too_long() -> Mistake:
    return Mistake(
        _("The query is too long: %(length)s characters and %(values)s values at most.")
        % {"length": MAX_LENGTH, "values": MAX_VALUES},
        0,
    )
